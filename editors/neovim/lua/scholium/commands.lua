-- What Scholium's commands do. :help scholium-commands

local scholium = require('scholium')

local M = {}

local function complain(message)
  vim.notify('Scholium: ' .. message, vim.log.levels.ERROR)
end

-- program returns a command line of the program that serves: the server's own as far as "serve".
local function program(...)
  local client = scholium.clients(vim.api.nvim_get_current_buf())[1]
  local cmd = client and client.config.cmd
  if type(cmd) ~= 'table' then
    cmd = scholium.cmd()
  end
  local line = {}
  for i, word in ipairs(cmd) do
    if word == 'serve' and i > 1 then
      break
    end
    line[#line + 1] = word
  end
  return vim.list_extend(#line < #cmd and line or { cmd[1] }, { ... })
end

-- run runs a program in a folder and gives what it printed and its exit code to done.
local function run(cmd, dir, done)
  if vim.fn.executable(cmd[1]) == 0 then
    complain(('there is no program %s; install it, or set g:scholium_cmd'):format(cmd[1]))
    return
  end
  local printed, said = {}, {}
  vim.fn.jobstart(cmd, {
    cwd = dir,
    stdout_buffered = true,
    stderr_buffered = true,
    on_stdout = function(_, lines)
      printed = lines
    end,
    on_stderr = function(_, lines)
      said = lines
    end,
    on_exit = function(_, code)
      done(printed, code, vim.trim(table.concat(said, '\n')))
    end,
  })
end

-- byte_columns returns a function that turns a line and a column of check (from 1, in UTF-16 units) into a column in
-- bytes (from 1).
local function byte_columns()
  local files = {}
  return function(file, line, column)
    files[file] = files[file] or (vim.fn.filereadable(file) == 1 and vim.fn.readfile(file)) or {}
    local text = files[file][line] or ''
    local ok, at
    if vim.fn.has('nvim-0.11') == 1 then
      ok, at = pcall(vim.str_byteindex, text, 'utf-16', column - 1, false)
    else
      ok, at = pcall(vim.str_byteindex, text, column - 1, true)
    end
    return (ok and at or #text) + 1
  end
end

local types = { error = 'E', warning = 'W', info = 'I', hint = 'N' }

-- check proofreads the whole site, as it is on the disk, and lists its problems.
function M.check()
  local root = scholium.root(0) or vim.loop.cwd()
  run(program('check', '--format', 'json'), root, function(printed, code, said)
    if code > 1 then
      complain(said)
      return
    end
    local ok, problems = pcall(vim.fn.json_decode, table.concat(printed, '\n'))
    if not ok then
      complain('check prints what is not JSON')
      return
    end
    local column = byte_columns()
    local items = vim.tbl_map(function(p)
      local file = root .. '/' .. p.path
      return {
        filename = file,
        lnum = p.line,
        col = column(file, p.line, p.column),
        end_lnum = p.endLine,
        end_col = column(file, p.endLine, p.endColumn),
        type = types[p.severity],
        text = ('%s [%s]'):format(p.message, p.code),
      }
    end, problems)
    vim.fn.setqflist({}, ' ', { title = 'scholium check', items = items })
    if #items == 0 then
      vim.cmd('cclose')
      vim.notify('Scholium finds nothing.')
    else
      vim.cmd('botright copen')
    end
  end)
end

-- code_here returns the rule of a problem in the cursor's line, or nil.
local function code_here()
  local line = vim.api.nvim_win_get_cursor(0)[1] - 1
  for _, d in ipairs(vim.diagnostic.get(0, { lnum = line })) do
    local code = d.code or (d.user_data and d.user_data.lsp and d.user_data.lsp.code)
    if d.source == 'scholium' and code then
      return code
    end
  end
end

-- explain shows the page of a rule: of the one named, or of a problem in the cursor's line, or the list of all.
function M.explain(code)
  code = code ~= '' and code or code_here()
  run(program('explain', code), nil, function(printed, exit, said)
    if exit ~= 0 then
      complain(said)
      return
    end
    while printed[#printed] == '' do
      table.remove(printed)
    end
    vim.cmd('new')
    local buf = vim.api.nvim_get_current_buf()
    vim.bo[buf].buftype = 'nofile'
    vim.bo[buf].bufhidden = 'wipe'
    vim.bo[buf].swapfile = false
    vim.api.nvim_buf_set_lines(buf, 0, -1, false, printed)
    vim.bo[buf].modifiable = false
    pcall(vim.api.nvim_buf_set_name, buf, 'scholium://explain/' .. (code or '')) -- another window may show it
    vim.api.nvim_buf_set_keymap(buf, 'n', 'q', '<Cmd>close<CR>', { noremap = true, silent = true })
  end)
end

-- codes returns the names of the rules that begin so.
function M.codes(begin)
  local cmd = program('explain')
  if vim.fn.executable(cmd[1]) == 0 then
    return {}
  end
  local codes = {}
  for _, line in ipairs(vim.fn.systemlist(cmd)) do
    local code = line:match('^%S+')
    if code and vim.startswith(code, begin) then
      codes[#codes + 1] = code
    end
  end
  return codes
end

-- labels returns the labelled equations of an outline: number, label, and the equation in Unicode.
local function labels(symbols, found)
  found = found or {}
  for _, s in ipairs(symbols or {}) do
    local number, label = s.name:match('^(%b()) (.+)$')
    if s.kind == vim.lsp.protocol.SymbolKind.Number and label then
      found[#found + 1] = { number = number, label = label, equation = s.detail or '' }
    end
    labels(s.children, found)
  end
  return found
end

-- reference asks for one of the post's equations and writes a reference to it at the cursor.
function M.reference()
  local buf, win = vim.api.nvim_get_current_buf(), vim.api.nvim_get_current_win()
  local client = scholium.clients(buf)[1]
  if not client then
    complain('no server reads this buffer')
    return
  end
  local row, column = unpack(vim.api.nvim_win_get_cursor(win))
  local text = vim.api.nvim_get_current_line()
  if not vim.api.nvim_get_mode().mode:match('^i') and column < #text then
    column = column + #vim.fn.matchstr(text:sub(column + 1), '.') -- behind the cursor, as p puts
  end
  local params = { textDocument = { uri = vim.uri_from_bufnr(buf) } }
  local function answered(err, symbols)
    local found = labels(symbols)
    if err or #found == 0 then
      complain(err and err.message or 'this post has no labelled equation')
      return
    end
    vim.ui.select(found, {
      prompt = 'Reference to:',
      kind = 'scholium',
      format_item = function(item)
        return ('%s %s  %s'):format(item.number, item.label, item.equation)
      end,
    }, function(item)
      if not item then
        return
      end
      local reference = ('\\eqref{%s}'):format(item.label)
      vim.api.nvim_buf_set_text(buf, row - 1, column, row - 1, column, { reference })
      if vim.api.nvim_win_is_valid(win) and vim.api.nvim_win_get_buf(win) == buf then
        local inserting = vim.api.nvim_get_mode().mode:match('^i')
        vim.api.nvim_win_set_cursor(win, { row, column + #reference - (inserting and 0 or 1) })
      end
    end)
  end
  if vim.fn.has('nvim-0.11') == 1 then
    client:request('textDocument/documentSymbol', params, answered, buf)
  else
    client.request('textDocument/documentSymbol', params, answered, buf)
  end
end

-- log shows what the servers have said.
function M.log()
  local file = (vim.lsp.log and vim.lsp.log.get_filename or vim.lsp.get_log_path)()
  vim.cmd('tabedit ' .. vim.fn.fnameescape(file))
  vim.bo.readonly = true
  vim.cmd('normal! G')
end

return M
