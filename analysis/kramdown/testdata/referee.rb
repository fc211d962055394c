# Renders documents with the real kramdown for the tests of this package.
# Each request is a line of JSON ({"text": …, "options": {…}}), each answer too
# ({"html": …, "seconds": …} or {"error": …}). A document gets two seconds.
Encoding.default_external = Encoding::UTF_8 # whatever the machine's locale says
require 'json'
require 'timeout'
require 'kramdown'
require 'kramdown-parser-gfm'

$stdout.sync = true
puts JSON.generate(version: Kramdown::VERSION)
while (line = $stdin.gets)
  begin
    request = JSON.parse(line)
    options = request['options'].transform_keys(&:to_sym)
    options[:syntax_highlighter] = nil
    start = Process.clock_gettime(Process::CLOCK_MONOTONIC)
    html = Timeout.timeout(2) { Kramdown::Document.new(request['text'], options).to_html }
    puts JSON.generate(html: html, seconds: Process.clock_gettime(Process::CLOCK_MONOTONIC) - start)
  rescue SystemExit, Interrupt
    raise
  rescue Exception => e # kramdown fails in many ways
    puts JSON.generate(error: e.class.name)
  end
end
