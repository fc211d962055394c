-- Neovim 0.11 and later: the configuration that vim.lsp.enable('scholium') uses, and vim.lsp.config('scholium', {…})
-- extends.

local scholium = require('scholium')

local config = scholium.config()
config.filetypes = scholium.filetypes
-- Root markers would take HTML and YAML outside sites too; here is no client where there is no root.
config.root_dir = function(buf, on_dir)
  local root = scholium.root(buf)
  if root then
    on_dir(root)
  end
end

return config
