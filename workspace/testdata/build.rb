# build.rb SITE: the pages of a site as stock Jekyll makes them, layouts and all. No code of the site runs: a tag that
# only a plugin has prints nothing, a block that only a plugin has prints what is in it, and no theme is loaded.
# Prints one JSON object a line: the page's path, its URL, its content without and with the layouts around it; then one
# with the addresses of all files that are written.
Encoding.default_external = Encoding::UTF_8 # whatever the machine's locale says
require 'jekyll'
require 'kramdown-parser-gfm'
require 'json'
require 'tmpdir'

Liquid::Document.class_eval { def unknown_tag(*); end }
Liquid::Block.class_eval { def unknown_tag(*); end }

# An include or link that fails is nothing on the page instead of the end of the build.
[Jekyll::Tags::IncludeTag, Jekyll::Tags::OptimizedIncludeTag, Jekyll::Tags::Link, Jekyll::Tags::PostUrl].each do |tag|
  tag.prepend(Module.new do
    def render(context)
      super
    rescue StandardError
      ''
    end
  end)
end

ENV['JEKYLL_ENV'] = 'production'
ENV['TZ'] = 'UTC'
root = File.expand_path(ARGV[0])
Dir.chdir(root)
Jekyll.logger.log_level = :error
out = File.join(Dir.tmpdir, 'built-site')
config = Jekyll.configuration(
  'source' => root, 'destination' => out, 'quiet' => true, 'disable_disk_cache' => true, 'future' => true,
  'plugins_dir' => File.join(root, 'no-such-folder'), 'liquid' => { 'error_mode' => 'lax' }
)
config['theme'] = config['remote_theme'] = nil
config['plugins'] = config['whitelist'] = []
config['markdown'] = 'kramdown'
site = Jekyll::Site.new(config)
site.reset
site.read
docs = site.collections.values.select(&:write?).flat_map(&:docs) + site.pages
payload = site.site_payload
docs.each do |doc|
  path = doc.path.delete_prefix(root + '/')
  begin
    output = Jekyll::Renderer.new(site, doc, payload).run
    next unless doc.destination(out).end_with?('.html')

    puts JSON.generate(path: path, url: doc.url, content: doc.content, html: output)
  rescue StandardError => e
    puts JSON.generate(path: path, error: e.message[0, 200])
  end
end
files = site.static_files.map(&:url) + docs.map { |d| d.destination(out).delete_prefix(out) }
puts JSON.generate(files: files)
