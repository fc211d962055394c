# build.rb SITE: the pages of a site as stock Jekyll makes them, layouts and all.
# Prints one JSON object a line: the page's path, its URL, its content without and with the layouts around it; then one
# with the addresses of all files that are written.
require_relative '../../analysis/site/testdata/stock'

root = File.expand_path(ARGV[0])
out = File.join(Dir.tmpdir, 'built-site')
config = stock(root, out, 'future' => true)
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
