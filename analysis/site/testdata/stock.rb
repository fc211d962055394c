# Stock Jekyll, for the scripts that tell what becomes of a site. No code of the site runs: a tag that only a plugin has
# prints nothing, a block that only a plugin has prints what is in it, and no theme is loaded.
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
Jekyll.logger.log_level = :error

# The configuration of the site in the folder root, which becomes the working folder; more counts beside it.
def stock(root, out, more = {})
  Dir.chdir(root)
  config = Jekyll.configuration({
    'source' => root, 'destination' => out, 'quiet' => true, 'disable_disk_cache' => true,
    'plugins_dir' => File.join(root, 'no-such-folder'), 'liquid' => { 'error_mode' => 'lax' }
  }.merge(more))
  config['theme'] = config['remote_theme'] = nil
  config['plugins'] = config['whitelist'] = []
  config['markdown'] = 'kramdown'
  config
end
