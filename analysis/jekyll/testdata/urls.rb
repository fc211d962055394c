# urls.rb: reads JSON objects, one a line: a site's _config.yml, the paths of its files, the text that all of them have.
# Answers with the URL that stock Jekyll gives each file: null for what is no document or page, and no entry at all
# where Jekyll refuses.
Encoding.default_external = Encoding::UTF_8 # whatever the machine's locale says
require 'jekyll'
require 'json'
require 'tmpdir'
require 'fileutils'

Jekyll.logger.log_level = :error
$stdout.sync = true
puts '{}'
$stdin.each_line do |line|
  given = JSON.parse(line)
  urls = {}
  Dir.mktmpdir do |root|
    File.write(File.join(root, '_config.yml'), given['config'])
    given['paths'].each do |path|
      FileUtils.mkdir_p(File.dirname(File.join(root, path)))
      File.write(File.join(root, path), given['text'])
    end
    begin
      ENV['TZ'] = 'UTC'
      Jekyll::Utils.instance_variable_set(:@parse_date_cache, {}) # of another site's zone
      config = Jekyll.configuration('source' => root, 'destination' => File.join(root, '_site'), 'quiet' => true,
                                    'disable_disk_cache' => true, 'show_drafts' => true, 'future' => true, 'unpublished' => true,
                                    'config' => File.join(root, '_config.yml'))
      site = Jekyll::Site.new(config)
      site.reset
      site.read
      given['paths'].each { |path| urls[path] = nil }
      (site.collections.values.select(&:write?).flat_map(&:docs) + site.pages).each do |doc|
        path = doc.path.delete_prefix(root + '/')
        begin
          urls[path] = doc.url
        rescue StandardError
          urls.delete(path)
        end
      end
    rescue StandardError => e
      urls = {}
      warn "#{e.class}: #{e.message[0, 200]}" if ENV['SCHOLIUM_VERBOSE']
    end
  end
  puts JSON.generate(urls)
end
