# Reads one JSON string (a template) a line, prints what Ruby's Liquid makes of it as a JSON string a line.
# The error mode and the filters are those of Jekyll; the site's values are in site.yml beside this script.
Encoding.default_external = Encoding::UTF_8 # whatever the machine's locale says
ENV['TZ'] = 'UTC'
require 'json'
require 'yaml'
require 'jekyll'
$stdout.sync = true
site = YAML.safe_load(File.read(File.join(__dir__, 'site.yml')), permitted_classes: [Date, Time])
%w[on off].zip([true, false]) { |k, v| site.delete(v); site[k] = v }
fake = Struct.new(:config, :baseurl, :filter_cache, :highlighter).new({ 'baseurl' => '/base', 'url' => 'https://x.org' }, '/base', {}, nil)
$stdin.each_line do |line|
  begin
    t = Liquid::Template.parse(JSON.parse(line), error_mode: :lax, line_numbers: false)
    puts JSON.generate(t.render!({ 'site' => site, 'page' => { 'title' => 'A page', 'x' => 'é<b>"x"</b>' } }, registers: { site: fake }))
  rescue Exception => e
    puts JSON.generate("ERROR #{e.class}: #{e.message}")
  end
end
