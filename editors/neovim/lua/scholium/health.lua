-- :checkhealth scholium

local M = {}

local health = vim.health or {}
local start = health.start or health.report_start or vim.fn['health#report_start']
local ok = health.ok or health.report_ok or vim.fn['health#report_ok']
local info = health.info or health.report_info or vim.fn['health#report_info']
local warn = health.warn or health.report_warn or vim.fn['health#report_warn']
local bad = health.error or health.report_error or vim.fn['health#report_error']

-- checked returns the buffer that :checkhealth was called from.
local function checked()
  local buf = vim.fn.bufnr('#')
  return buf > 0 and buf or vim.api.nvim_get_current_buf()
end

function M.check()
  local scholium = require('scholium')
  start('scholium')
  if vim.fn.has('nvim-0.7') == 0 then
    bad('Neovim 0.7 or later is needed')
    return
  end
  ok('Neovim is new enough')

  local cmd = scholium.cmd()
  if vim.fn.executable(cmd[1]) == 0 then
    bad(('there is no program %s'):format(cmd[1]), {
      'Install it: go install ./cmd/scholium, in a clone of its repository.',
      'Or set g:scholium_cmd before the plugin is loaded. :help g:scholium_cmd',
    })
    return
  end
  local printed = vim.fn.system({ cmd[1], 'version' })
  local version = vim.trim(printed:match('^[^\n]*') or '')
  if vim.v.shell_error ~= 0 or not version:find('scholium', 1, true) then
    bad(('%s version fails: %s'):format(cmd[1], version))
    return
  end
  ok(('%s is %s'):format(vim.fn.exepath(cmd[1]), version))
  if printed:find('MathJax %d') then
    ok('it has MathJax inside: ' .. printed:match('MathJax %d[^\n]*'))
  else
    warn('it was built without MathJax: of formulas that its tables cannot decide it says nothing', {
      'make mathjax && go install ./cmd/scholium',
    })
  end

  local clients = scholium.clients()
  if #clients == 0 then
    info('no server runs: open a Markdown file')
  end
  for _, client in ipairs(clients) do
    ok(('client %d reads %s (%s)'):format(client.id, client.config.root_dir or '?', client.offset_encoding or 'utf-16'))
  end
  local buf = checked()
  local name = vim.fn.fnamemodify(vim.api.nvim_buf_get_name(buf), ':~')
  if name ~= '' and #clients > 0 then
    local attached = #scholium.clients(buf) > 0
    info(('%s is %sread by a server'):format(name, attached and '' or 'not '))
  end
  info('inlay hints: ' .. (vim.lsp.inlay_hint and 'yes' or 'this Neovim has none (0.10 has)'))
end

return M
