-- Starts Scholium for the posts, layouts and configuration of Jekyll sites. :help scholium

if vim.g.loaded_scholium or vim.fn.has('nvim-0.7') == 0 then
  return
end
vim.g.loaded_scholium = true

local function command(name, act, attributes)
  vim.api.nvim_create_user_command(name, act, attributes)
end

command('ScholiumRestart', function()
  require('scholium').restart()
end, { desc = 'End the servers of Scholium and start them again' })

command('ScholiumLog', function()
  require('scholium.commands').log()
end, { desc = 'Show what language servers have said' })

command('ScholiumCheck', function()
  require('scholium.commands').check()
end, { desc = 'List the problems of the whole site' })

command('ScholiumExplain', function(call)
  require('scholium.commands').explain(call.args)
end, {
  desc = 'Show the page of a rule',
  nargs = '?',
  complete = function(begin)
    return require('scholium.commands').codes(begin)
  end,
})

command('ScholiumReference', function()
  require('scholium.commands').reference()
end, { desc = 'Choose an equation and write a reference to it' })

if vim.fn.has('nvim-0.11') == 1 then
  vim.lsp.enable('scholium')
  return
end

vim.api.nvim_create_autocmd('FileType', {
  group = vim.api.nvim_create_augroup('scholium', {}),
  pattern = require('scholium').filetypes,
  callback = function(event)
    require('scholium').attach(event.buf)
  end,
})
