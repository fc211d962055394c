# referee.rb SITE: what stock Jekyll makes of each page of a site, before layouts. No code of the site runs: a tag that
# only a plugin has prints nothing, a block that only a plugin has prints what is in it, and no theme is loaded.
# Prints one JSON object a line: the page's path, its text after Liquid, its HTML (of Markdown pages), or an error.
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
config = Jekyll.configuration(
  'source' => root, 'destination' => File.join(Dir.tmpdir, 'referee-site'), 'quiet' => true, 'disable_disk_cache' => true,
  'plugins_dir' => File.join(root, 'no-such-folder'), 'liquid' => { 'error_mode' => 'lax' }
)
config['theme'] = config['remote_theme'] = config['highlighter'] = nil
config['plugins'] = config['whitelist'] = []
config['markdown'] = 'kramdown'
seen = {}
# The pages that a build for readers has; then, each as if it were published, those that it leaves out.
[{}, { 'show_drafts' => true, 'unpublished' => true, 'future' => true }].each do |more|
  site = Jekyll::Site.new(config.merge(more))
  site.reset
  site.read
  options = Jekyll::Utils.symbolize_hash_keys(site.config['kramdown']).merge(syntax_highlighter: nil)
  (site.collections.values.flat_map(&:docs) + site.pages).each do |page|
    path = page.path.delete_prefix(root + '/')
    next if seen[path]

    seen[path] = true
    markdown = site.find_converter_instance(Jekyll::Converters::Markdown).matches(File.extname(page.path))
    next unless markdown || File.extname(page.path) == '.html'

    begin
      payload = site.site_payload
      renderer = Jekyll::Renderer.new(site, page, payload)
      %i[assign_pages! assign_current_document! assign_highlighter_options! assign_layout_data!].each { |step| renderer.send(step) }
      text = page.content
      if page.render_with_liquid?
        text = renderer.render_liquid(text, payload, { registers: { site: site, page: payload['page'] } }, page.path)
      end
      html = markdown ? Kramdown::Document.new(text, options).to_html : nil
      puts JSON.generate(path: path, liquid: text, html: html)
    rescue StandardError => e
      puts JSON.generate(path: path, error: e.message[0, 200])
    end
  end
end
