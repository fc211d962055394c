# urls.rb: reads JSON objects, one a line: a site's _config.yml, the path of a file, its text. Answers each with the
# URL that stock Jekyll gives the file, or null where the file is no document or page.
Encoding.default_external = Encoding::UTF_8 # whatever the machine's locale says
require 'jekyll'
require 'json'
require 'tmpdir'
require 'fileutils'

ENV['TZ'] = 'UTC'
Jekyll.logger.log_level = :error
$stdout.sync = true
puts '{}'
$stdin.each_line do |line|
  given = JSON.parse(line)
  url = nil
  error = nil
  Dir.mktmpdir do |root|
    File.write(File.join(root, '_config.yml'), given['config'])
    file = File.join(root, given['path'])
    FileUtils.mkdir_p(File.dirname(file))
    File.write(file, given['text'])
    begin
      ENV['TZ'] = 'UTC'
      Jekyll::Utils.instance_variable_set(:@parse_date_cache, {}) # of another site's zone
      config = Jekyll.configuration('source' => root, 'destination' => File.join(root, '_site'), 'quiet' => true,
                                    'disable_disk_cache' => true, 'show_drafts' => true, 'future' => true, 'unpublished' => true,
                                    'config' => File.join(root, '_config.yml'))
      site = Jekyll::Site.new(config)
      site.reset
      site.read
      found = (site.collections.values.select(&:write?).flat_map(&:docs) + site.pages).find { |d| d.path.delete_prefix(root + '/') == given['path'] }
      url = found&.url
    rescue StandardError => e
      error = e.message
    end
  end
  puts JSON.generate(url: url, error: error)
end
