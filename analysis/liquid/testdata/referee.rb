# Reads one JSON string (a template) a line, prints what Ruby's Liquid makes of it as a JSON string a line.
# The error mode and the filters are those of Jekyll.
require 'json'
require 'jekyll'
$stdout.sync = true
site = { 'title' => 'A site', 'list' => %w[b a c], 'n' => 3, 'f' => 1.5, 'on' => true, 'off' => false,
         'people' => [{ 'name' => 'Ada', 'year' => 1815 }, { 'name' => 'Emmy', 'year' => 1882 }], 'empty' => '' }
fake = Struct.new(:config, :baseurl, :filter_cache).new({ 'baseurl' => '/base', 'url' => 'https://x.org' }, '/base', {})
$stdin.each_line do |line|
  begin
    t = Liquid::Template.parse(JSON.parse(line), error_mode: :lax, line_numbers: false)
    puts JSON.generate(t.render!({ 'site' => site, 'page' => { 'title' => 'A page', 'x' => 'é<b>"x"</b>' } }, registers: { site: fake }))
  rescue Exception => e
    puts JSON.generate("ERROR #{e.class}: #{e.message}")
  end
end
