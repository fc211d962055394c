-- Writes a post in a real Neovim, as an author would, and looks at what Scholium makes of it.
--
--     SCHOLIUM_POST=FILE nvim --headless --clean --cmd 'set rtp^=FOLDER-OF-THE-PLUGIN' -c 'luafile test.lua'
--
-- (or without --clean and --cmd, where the plugin is installed). The exit code is 0 where all is well. SCHOLIUM_WAIT is the most that is waited for anything, in milliseconds.

local post = os.getenv('SCHOLIUM_POST')
local longest = tonumber(os.getenv('SCHOLIUM_WAIT') or '20000')
local passed = 0

local function out(line)
  io.stdout:write(line .. '\n')
end

-- until_true waits for a condition. The test is a coroutine, which a timer resumes: typed keys and the answers of the
-- server are only seen in between. It returns what the condition returned last.
local function until_true(condition)
  local start = vim.loop.now()
  while true do
    local value = condition()
    if value or vim.loop.now() - start > longest then
      return value
    end
    coroutine.yield()
  end
end

-- check ends the test where something is not as it should be.
local function check(name, ok, detail)
  local line = name .. (detail ~= nil and ('  -- ' .. vim.inspect(detail):gsub('%s+', ' ')) or '')
  if not ok then
    error('FAIL ' .. line, 0)
  end
  passed = passed + 1
  out('ok   ' .. line)
end

local function lines()
  return vim.api.nvim_buf_get_lines(0, 0, -1, false)
end

-- place returns the line (1-based) and the byte column (0-based) of some text that stands in a line with a mark.
local function place(mark, text)
  for i, line in ipairs(lines()) do
    local at = line:find(text, 1, true)
    if at and line:find(mark, 1, true) then
      return i, at - 1
    end
  end
  error(('FAIL there is no %s in a line with %s'):format(text, mark), 0)
end

local function put_cursor(mark, text)
  local line, column = place(mark, text)
  vim.api.nvim_win_set_cursor(0, { line, column })
end

local function replace(mark, from, to)
  local line, column = place(mark, from)
  vim.api.nvim_buf_set_text(0, line - 1, column, line - 1, column + #from, { to })
end

-- problems are the texts that are underlined.
local function problems()
  local underlined = {}
  for _, d in ipairs(vim.diagnostic.get(0)) do
    local line = vim.api.nvim_buf_get_lines(0, d.lnum, d.lnum + 1, false)[1] or ''
    underlined[#underlined + 1] = line:sub(d.col + 1, d.end_col)
  end
  return underlined
end

local function shows(expected)
  return until_true(function()
    return vim.deep_equal(problems(), expected)
  end)
end

local function press(keys)
  vim.api.nvim_feedkeys(vim.api.nvim_replace_termcodes(keys, true, true, true), 't', false)
end

-- complete types some text at the end of the last line, asks for completion, takes what has the given word, and returns
-- the line and the words that were offered.
local function complete(typed, word)
  vim.api.nvim_win_set_cursor(0, { place('Type here:', 'Type here:'), 0 })
  press('A' .. typed .. '<C-x><C-o>')
  local words = {}
  local index = until_true(function()
    local items = vim.fn.complete_info({ 'items' }).items
    words = vim.tbl_map(function(item)
      return item.word
    end, items)
    for i, w in ipairs(words) do
      if w == word then
        return i
      end
    end
  end)
  check(('completion after %s offers %s'):format(typed, word), index, vim.list_slice(words, 1, 6))
  press(('<C-n>'):rep(index) .. '<C-y><Esc>')
  until_true(function()
    return vim.api.nvim_get_mode().mode == 'n'
  end)
  return lines()[place('Type here:', 'Type here:')], words
end

local function client()
  return (vim.lsp.get_clients or vim.lsp.get_active_clients)()[1]
end

local function test()
  vim.o.completeopt = 'menu,menuone,noselect'
  vim.o.showmode = false
  vim.cmd('edit ' .. vim.fn.fnameescape(post))
  check('a post is Markdown', vim.bo.filetype == 'markdown', vim.bo.filetype)
  check('the server has started', until_true(function()
    return client() and client().initialized
  end))
  check('its root is the site', client().config.root_dir == vim.fn.fnamemodify(post, ':h:h'), client().config.root_dir)

  local later = dofile(vim.api.nvim_get_runtime_file('lsp/scholium.lua', false)[1]) -- what 0.11 reads
  local root
  later.root_dir(0, function(dir)
    root = dir
  end)
  check('later versions start the same', vim.deep_equal({ later.cmd, root }, { client().config.cmd, client().config.root_dir }))
  local page = vim.api.nvim_create_buf(true, false)
  vim.api.nvim_buf_set_name(page, vim.fn.fnamemodify(post, ':h:h:h') .. '/page.html')
  vim.api.nvim_buf_set_option(page, 'filetype', 'html')
  check('HTML outside any site is left alone', not vim.lsp.buf_is_attached(page, client().id) and not require('scholium').root(page))

  check('a wrong reference behind 𝔼 is underlined', shows({ 'eq:elbp' }), problems())
  replace('is loose', 'eq:elbp', 'eq:elbo')
  check('mended, it is not', shows({}), problems())
  replace('is loose', 'eq:elbo', 'eq:elbp')
  check('broken again, it is', shows({ 'eq:elbp' }), problems())

  put_cursor('is tight', 'eq:elbo')
  vim.lsp.buf.hover()
  local float = until_true(function()
    for _, w in ipairs(vim.api.nvim_list_wins()) do
      if vim.api.nvim_win_get_config(w).relative ~= '' then
        return w
      end
    end
  end)
  check('hovering opens a window', float)
  local text = table.concat(vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(float), 0, -1, false), ' ')
  check('it shows the number of the equation', text:find('(1)', 1, true) and text:find('eq:elbo', 1, true), text)
  vim.api.nvim_win_close(float, true)

  put_cursor('is tight', 'eq:elbo')
  vim.lsp.buf.definition()
  local line, column = place('\\label{eq:elbo}', 'eq:elbo')
  local at
  until_true(function()
    at = vim.api.nvim_win_get_cursor(0)
    return at[1] == line
  end)
  check('going to the definition jumps to the label', vim.deep_equal(at, { line, column }), at)

  local typed, words = complete(' \\eqref{', 'eq:kl')
  check('and the other label', vim.tbl_contains(words, 'eq:elbo'), #words)
  check('taking it writes it', typed == 'Type here: \\eqref{eq:kl', typed)
  replace('Type here:', typed, 'Type here:')
  typed = complete(' 𝔼 $\\hlb', '\\hlblue')
  check('taking a macro replaces what was typed', typed == 'Type here: 𝔼 $\\hlblue', typed)
  replace('Type here:', typed, 'Type here:')
  check('the post is as it was', shows({ 'eq:elbp' }), problems())

  put_cursor('is loose', 'eq:elbp')
  local offered
  vim.ui.select = function(actions, _, take) -- from 0.8 on, only where there are several
    offered = #actions
    take(actions[1])
  end
  if vim.fn.has('nvim-0.8') == 1 then
    vim.lsp.buf.code_action({ apply = true })
  else
    vim.lsp.buf.code_action()
  end
  check('a code action mends the reference', until_true(function()
    return lines()[place('is loose', 'is loose')] == 'Over 𝔼 the bound \\eqref{eq:elbo} is loose.'
  end), { offered, lines()[place('is loose', 'is loose')] })
  check('and its problem goes', shows({}), problems())

  local id = client().id
  vim.lsp.stop_client(id)
  check('the server ends', until_true(function()
    return vim.lsp.get_client_by_id(id) == nil
  end))
end

local thread = coroutine.create(test)
local timer = vim.loop.new_timer()
timer:start(0, 10, vim.schedule_wrap(function()
  if coroutine.status(thread) == 'dead' then
    return
  end
  local ok, err = coroutine.resume(thread)
  if not ok then
    timer:stop()
    out(tostring(err))
    out(passed .. ' passed, 1 failed')
    vim.cmd('cquit 1')
  elseif coroutine.status(thread) == 'dead' then
    timer:stop()
    out(passed .. ' passed, 0 failed')
    vim.cmd('qall!')
  end
end))
