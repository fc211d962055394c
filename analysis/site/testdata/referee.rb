# referee.rb SITE: what stock Jekyll makes of each page of a site, before layouts.
# Prints one JSON object a line: the page's path, its text after Liquid, its HTML (of Markdown pages), or an error.
# With a second argument it reads JSON objects from standard input instead, a page's path and another text for it, and
# prints what becomes of each.
require_relative 'stock'

root = File.expand_path(ARGV[0])
config = stock(root, File.join(Dir.tmpdir, 'referee-site'))
config['highlighter'] = nil

# What becomes of a page, with another text in place of its own where one is given.
def made(site, page, root, text = nil)
  path = page.path.delete_prefix(root + '/')
  markdown = site.find_converter_instance(Jekyll::Converters::Markdown).matches(File.extname(page.path))
  options = Jekyll::Utils.symbolize_hash_keys(site.config['kramdown']).merge(syntax_highlighter: nil)
  name = text ? "#{page.path} #{text.hash}" : page.path # Jekyll keeps templates by name
  text ||= page.content
  own, page.content = page.content, text # Jekyll looks there whether there is any Liquid at all
  payload = site.site_payload
  renderer = Jekyll::Renderer.new(site, page, payload)
  %i[assign_pages! assign_current_document! assign_highlighter_options! assign_layout_data!].each { |step| renderer.send(step) }
  if page.render_with_liquid?
    text = renderer.render_liquid(text, payload, { registers: { site: site, page: payload['page'] } }, name)
  end
  { path: path, liquid: text, html: markdown ? Kramdown::Document.new(text, options).to_html : nil }
rescue StandardError => e
  { path: path, error: e.message[0, 200] }
ensure
  page.content = own if own
end

seen = {}
# The pages that a build for readers has; then, each as if it were published, those that it leaves out.
[{}, { 'show_drafts' => true, 'unpublished' => true, 'future' => true }].each do |more|
  site = Jekyll::Site.new(config.merge(more))
  site.reset
  site.read
  (site.collections.values.flat_map(&:docs) + site.pages).each do |page|
    path = page.path.delete_prefix(root + '/')
    next if seen[path]

    seen[path] = [site, page]
    markdown = site.find_converter_instance(Jekyll::Converters::Markdown).matches(File.extname(page.path))
    puts JSON.generate(made(site, page, root)) if ARGV.size < 2 && (markdown || File.extname(page.path) == '.html')
  end
end
if ARGV.size > 1
  $stdin.each_line do |line|
    changed = JSON.parse(line)
    page = seen[changed['path']]
    puts JSON.generate(page ? made(*page, root, changed['text']) : { path: changed['path'], error: 'no page' })
  end
end
