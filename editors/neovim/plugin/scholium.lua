-- Starts Scholium for the posts, layouts and configuration of Jekyll sites. :help scholium

if vim.g.loaded_scholium then
  return
end
vim.g.loaded_scholium = true

if vim.fn.has('nvim-0.11') == 1 then
  vim.lsp.enable('scholium')
  return
end

if vim.fn.has('nvim-0.7') == 0 then
  return
end

vim.api.nvim_create_autocmd('FileType', {
  group = vim.api.nvim_create_augroup('scholium', {}),
  pattern = require('scholium').filetypes,
  callback = function(event)
    require('scholium').attach(event.buf)
  end,
})
