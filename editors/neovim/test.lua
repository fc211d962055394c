-- Writes posts in a real Neovim, as an author would, and looks at what Scholium makes of them.
--
--     SCHOLIUM_SITE=FOLDER SCHOLIUM_PID=FILE nvim --headless -n -i NONE -c 'luafile test.lua'
--
-- where the plugin is installed. FOLDER is a copy of testdata/sites/example, FILE holds the server's process id. The exit
-- code is 0 where all is well. SCHOLIUM_WAIT is the most that is waited for anything, in milliseconds. Each step begins
-- with what is on the disk, and none passes without the server.

local site = os.getenv('SCHOLIUM_SITE')
local evidence = site .. '/_posts/2024-03-01-evidence.md'
local mistakes = site .. '/_posts/2024-04-01-mistakes.md'
local longest = tonumber(os.getenv('SCHOLIUM_WAIT') or '20000')

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

-- now_and_then does something when it is first called, and again where a second has passed: what is done right after the
-- cursor was moved may be undone when Neovim hears of the move.
local function now_and_then(act)
  local last
  return function()
    if not last or vim.loop.now() - last > 1000 then
      act()
      last = vim.loop.now()
    end
  end
end

-- want ends the step where something is not as it should be.
local function want(ok, what, detail)
  if not ok then
    error(what .. (detail ~= nil and (': ' .. vim.inspect(detail):gsub('%s+', ' ')) or ''), 0)
  end
end

local function lines(buf)
  return vim.api.nvim_buf_get_lines(buf or 0, 0, -1, false)
end

-- place returns the line (1-based) and the byte column (0-based) of some text that stands in a line with a mark.
local function place(mark, text)
  for i, line in ipairs(lines()) do
    local at = line:find(text, 1, true)
    if at and line:find(mark, 1, true) then
      return i, at - 1
    end
  end
  error(('there is no %s in a line with %s'):format(text, mark), 0)
end

local function put_cursor(mark, text)
  vim.api.nvim_win_set_cursor(0, { place(mark, text) })
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

local function shows(expected, what)
  want(until_true(function()
    return vim.deep_equal(problems(), expected)
  end), what, problems())
end

local function press(keys)
  vim.api.nvim_feedkeys(vim.api.nvim_replace_termcodes(keys, true, true, true), 't', false)
end

local function float()
  for _, w in ipairs(vim.api.nvim_list_wins()) do
    if vim.api.nvim_win_get_config(w).relative ~= '' then
      return w
    end
  end
end

local function clients()
  return vim.tbl_filter(function(client)
    return client.name == 'scholium'
  end, (vim.lsp.get_clients or vim.lsp.get_active_clients)())
end

-- open shows a file of the site as it is on the disk, and waits for the server.
local function open(file)
  vim.cmd('edit! ' .. vim.fn.fnameescape(file))
  local attached = until_true(function()
    for _, client in ipairs(clients()) do
      if client.initialized and vim.lsp.buf_is_attached(0, client.id) then
        return client
      end
    end
  end)
  want(attached, 'no server reads ' .. file)
  return attached
end

local function pid()
  local file = io.open(os.getenv('SCHOLIUM_PID'))
  if not file then
    return nil
  end
  local id = tonumber(file:read('*a'):match('(%d+)%s*$')) -- the last one
  file:close()
  return id
end

-- complete types some text in a line of its own, asks for completion, takes what has the given word, and returns the
-- line and the words that were offered.
local function complete(typed, word)
  local last = #lines()
  vim.api.nvim_buf_set_lines(0, last, last, false, { '', 'Type here:' })
  vim.api.nvim_win_set_cursor(0, { last + 2, 0 })
  press('A' .. typed .. '<C-x><C-o>')
  local words = {}
  local index = until_true(function()
    words = vim.tbl_map(function(item)
      return item.word
    end, vim.fn.complete_info({ 'items' }).items)
    for i, w in ipairs(words) do
      if w == word then
        return i
      end
    end
  end)
  press(('<C-n>'):rep(index or 0) .. '<C-y><Esc>')
  until_true(function()
    return vim.api.nvim_get_mode().mode == 'n'
  end)
  want(index, ('%s is not offered behind %s'):format(word, typed), words)
  return lines()[last + 2], words
end

local steps = {}
local function step(name, act)
  steps[#steps + 1] = { name = name, act = act }
end

step('the server reads a post', function()
  local client = open(evidence)
  want(vim.bo.filetype == 'markdown', 'the filetype', vim.bo.filetype)
  want(client.config.root_dir == site, 'the root is not the site', client.config.root_dir)
  -- What 0.11 reads says the same.
  local later = dofile(vim.api.nvim_get_runtime_file('lsp/scholium.lua', false)[1])
  local root
  later.root_dir(0, function(dir)
    root = dir
  end)
  want(root == site and vim.deep_equal(later.cmd, client.config.cmd), 'later versions start otherwise', { later.cmd, root })
end)

step('a layout and the configuration are read, HTML and YAML outside any site are not', function()
  open(evidence)
  local id = clients()[1].id
  for _, file in ipairs({ '/_layouts/post.html', '/_config.yml' }) do
    open(site .. file)
    want(vim.lsp.buf_is_attached(0, id), file .. ' has a server of its own')
  end
  for filetype, name in pairs({ html = '/page.html', yaml = '/page.yml' }) do
    local page = vim.api.nvim_create_buf(true, false)
    vim.api.nvim_buf_set_name(page, vim.fn.fnamemodify(site, ':h') .. name)
    vim.api.nvim_buf_set_option(page, 'filetype', filetype)
    want(not vim.lsp.buf_is_attached(page, id) and not require('scholium').root(page), name .. ' is read')
    vim.api.nvim_buf_delete(page, { force = true })
  end
end)

step('problems appear behind 𝔼, and clear', function()
  open(evidence)
  replace('𝔼', 'eq:gap', 'eq:gpa')
  shows({ 'eq:gpa' }, 'broken, not the name alone is underlined')
  replace('𝔼', 'eq:gpa', 'eq:gap')
  shows({}, 'mended, it is underlined')
  replace('𝔼', 'eq:gap', 'eq:gpa')
  shows({ 'eq:gpa' }, 'broken again, it is not underlined')
end)

step('hover shows number and equation in Unicode', function()
  open(evidence)
  put_cursor('𝔼', 'eq:gap')
  local hover = now_and_then(vim.lsp.buf.hover)
  local w = until_true(function()
    hover()
    return float()
  end)
  want(w, 'no window opens')
  local text = table.concat(lines(vim.api.nvim_win_get_buf(w)), ' ')
  vim.api.nvim_win_close(w, true)
  want(text:find('(2)', 1, true) and text:find('log p(x) − ℒ(q) = D', 1, true), 'the window shows', text)
end)

step('definition jumps into an include, and behind 𝔼 to a label', function()
  open(evidence)
  put_cursor('figure.html', 'figure.html')
  vim.lsp.buf.definition()
  want(until_true(function()
    return vim.api.nvim_buf_get_name(0) == site .. '/_includes/figure.html'
  end), 'the cursor is in', vim.api.nvim_buf_get_name(0))
  open(evidence)
  put_cursor('𝔼', 'eq:gap')
  vim.lsp.buf.definition()
  local line, column = place('\\label{eq:gap}', 'eq:gap')
  want(until_true(function()
    return vim.deep_equal(vim.api.nvim_win_get_cursor(0), { line, column })
  end), 'the cursor is at', vim.api.nvim_win_get_cursor(0))
end)

step('completion writes a label and a macro', function()
  open(evidence)
  local typed, words = complete(' 𝔼 \\eqref{', 'eq:positive')
  want(typed == 'Type here: 𝔼 \\eqref{eq:positive', 'the line is', typed)
  want(vim.tbl_contains(words, 'eq:elbo') and #words == 3, 'offered are', words)
  typed = complete(' 𝔼 $\\giv', '\\given')
  want(typed == 'Type here: 𝔼 $\\given', 'the line is', typed)
end)

step('rename changes all places of a label', function()
  open(evidence)
  put_cursor('𝔼', 'eq:elbo')
  vim.lsp.buf.rename('eq:bound')
  local text
  want(until_true(function()
    text = table.concat(lines(), '\n')
    return not text:find('eq:elbo', 1, true)
  end), 'the old name is left')
  local _, places = text:gsub('eq:bound}', '')
  want(places == 3 and text:find('$\\eqref{eq:bound}$', 1, true), 'the new name stands elsewhere', text)
end)

step('a code action mends a footnote', function()
  open(mistakes)
  want(until_true(function()
    return vim.tbl_contains(problems(), 'Everybody')
  end), 'the footnote is not underlined', problems())
  put_cursor('[^Everybody]', 'Everybody')
  local select, offered = vim.ui.select, nil
  vim.ui.select = function(actions, _, take)
    offered = #actions
    take(actions[1])
  end
  vim.lsp.buf.code_action()
  local mended = until_true(function()
    return lines()[10] == 'We minimise \\eqref{eq:los}, as everybody does[^everybody].'
  end)
  vim.ui.select = select
  want(mended, 'the line is', { offered, lines()[10] })
  want(until_true(function()
    return not vim.tbl_contains(problems(), 'Everybody')
  end), 'it is still underlined', problems())
end)

if vim.fn.has('nvim-0.10') == 1 then
  step('inlay hints show the numbers', function()
    open(evidence)
    local line = place('𝔼', 'eq:gap')
    local shown = {}
    want(until_true(function()
      shown = {}
      for _, h in ipairs(vim.lsp.inlay_hint.get({ bufnr = 0 })) do
        if h.inlay_hint.position.line == line - 1 then
          shown[#shown + 1] = h.inlay_hint.label
        end
      end
      return vim.deep_equal(shown, { '(2)', '(1)' })
    end), 'shown are', shown)
  end)
end

step('a resting cursor highlights the other places of a name', function()
  open(evidence)
  put_cursor('𝔼', 'eq:elbo')
  local function marks()
    local found = {}
    for name, ns in pairs(vim.api.nvim_get_namespaces()) do
      if name:find('references', 1, true) then
        for _, m in ipairs(vim.api.nvim_buf_get_extmarks(0, ns, 0, -1, { details = true })) do
          found[#found + 1] = lines()[m[2] + 1]:sub(m[3] + 1, m[4].end_col)
        end
      end
    end
    return found
  end
  local rest = now_and_then(function()
    vim.api.nvim_exec_autocmds('CursorHold', { buffer = 0 })
  end)
  want(until_true(function()
    rest()
    return vim.deep_equal(marks(), { 'eq:elbo', 'eq:elbo', 'eq:elbo' })
  end), 'highlighted are', marks())
  vim.api.nvim_exec_autocmds('CursorMoved', { buffer = 0 })
  want(#marks() == 0, 'highlighted is when the cursor moved', marks())
end)

step(':ScholiumCheck lists the problems of the whole site', function()
  vim.cmd('edit! ' .. vim.fn.fnameescape(site .. '/about.md'))
  vim.fn.setqflist({}, 'f')
  vim.cmd('ScholiumCheck')
  want(until_true(function()
    return #vim.fn.getqflist() > 0
  end), 'the list is empty')
  want(vim.bo.buftype == 'quickfix', 'the list is not shown')
  vim.cmd('cclose')
  local found
  for _, item in ipairs(vim.fn.getqflist()) do
    if item.text:find('undefined-footnote', 1, true) then
      found = item
    end
  end
  want(found and found.type == 'E' and found.lnum == 10 and found.col == 48 and found.end_col == 57, 'the list says', found)
  want(vim.api.nvim_buf_get_name(found.bufnr) == mistakes, 'it lies in', vim.api.nvim_buf_get_name(found.bufnr))
  -- Columns are bytes behind 𝔼 too.
  local file = site .. '/about.md'
  vim.fn.writefile({ '---', '---', 'Over 𝔼 as known[^nowhere].' }, file)
  vim.cmd('edit! | ScholiumCheck')
  want(until_true(function()
    for _, item in ipairs(vim.fn.getqflist()) do
      if item.text:find('[^nowhere]', 1, true) then
        found = item
        return true
      end
    end
  end), 'the changed page is not in the list')
  want(found.col == #'Over 𝔼 as known[^' + 1, 'its column is', found.col)
  vim.cmd('cclose')
end)

step(':ScholiumExplain shows the page of a rule', function()
  open(mistakes)
  want(until_true(function()
    return vim.tbl_contains(problems(), 'Everybody')
  end), 'the footnote is not underlined', problems())
  for _, call in ipairs({ { 'ScholiumExplain undefined-label', 'undefined-label ' }, { 'ScholiumExplain', 'undefined-command ' } }) do
    put_cursor('f_{\\thetta}', 'thetta')
    vim.cmd(call[1])
    want(until_true(function()
      return vim.bo.buftype == 'nofile' and vim.startswith(lines()[1], call[2])
    end), call[1] .. ' shows', lines()[1])
    vim.cmd('close')
  end
  want(vim.deep_equal(vim.fn.getcompletion('ScholiumExplain undefined-l', 'cmdline'), { 'undefined-label', 'undefined-link-reference' }), 'completed are',
    vim.fn.getcompletion('ScholiumExplain undefined-l', 'cmdline'))
end)

step(':ScholiumReference writes a reference to the chosen equation', function()
  open(evidence)
  local last = #lines()
  vim.api.nvim_buf_set_lines(0, last, last, false, { '', 'By 𝔼.' })
  vim.api.nvim_win_set_cursor(0, { last + 2, #'By ' })
  local select, offered = vim.ui.select, {}
  vim.ui.select = function(items, options, take)
    offered = vim.tbl_map(options.format_item, items)
    take(items[2])
  end
  vim.cmd('ScholiumReference')
  local written = until_true(function()
    return lines()[last + 2] == 'By 𝔼\\eqref{eq:gap}.'
  end)
  vim.ui.select = select
  want(written, 'the line is', lines()[last + 2])
  want(#offered == 3 and offered[2]:find('(2) eq:gap  log p(x) − ℒ(q) = D', 1, true) == 1, 'offered are', offered)
end)

step(':checkhealth finds nothing wrong', function()
  open(evidence)
  vim.cmd('checkhealth scholium')
  local text = table.concat(lines(), '\n')
  vim.cmd('bwipeout!')
  want(text:find('is scholium ', 1, true) and text:find('reads ' .. site, 1, true) and not text:find('ERROR', 1, true), 'it says', text)
end)

step('a server that is killed comes back', function()
  open(evidence)
  replace('𝔼', 'eq:gap', 'eq:gpa')
  shows({ 'eq:gpa' }, 'the wrong reference is not underlined')
  local before, id = pid(), clients()[1].id
  vim.loop.kill(before, 'sigkill')
  want(until_true(function()
    local now = clients()
    return #now == 1 and now[1].id ~= id and now[1].initialized and vim.lsp.buf_is_attached(0, now[1].id) and pid() ~= before
  end), 'there are clients', vim.tbl_map(function(c)
    return c.id
  end, clients()))
  shows({ 'eq:gpa' }, 'the new server does not see what is not saved')
  replace('𝔼', 'eq:gpa', 'eq:gap')
  shows({}, 'the new server does not follow')
end)

step(':ScholiumRestart starts another server', function()
  open(evidence)
  local before, id = pid(), clients()[1].id
  vim.cmd('ScholiumRestart')
  want(until_true(function()
    local now = clients()
    return #now == 1 and now[1].id ~= id and now[1].initialized and vim.lsp.buf_is_attached(0, now[1].id) and pid() ~= before
  end), 'there is no other')
  replace('𝔼', 'eq:gap', 'eq:gpa')
  shows({ 'eq:gpa' }, 'the new server does not read')
  vim.cmd('ScholiumLog')
  want(vim.api.nvim_buf_get_name(0):find('lsp%.log$') and vim.bo.readonly, 'the log is', vim.api.nvim_buf_get_name(0))
  vim.cmd('tabclose')
end)

step('the server ends with the editor', function()
  open(evidence)
  local id = clients()[1].id
  local client = clients()[1]
  if vim.fn.has('nvim-0.11') == 1 then
    client:stop()
  else
    client.stop()
  end
  want(until_true(function()
    return vim.lsp.get_client_by_id(id) == nil
  end), 'it runs on')
  want(#clients() == 0, 'another was started')
end)

step('a post outside any site is read alone', function()
  local file = vim.fn.tempname() .. '.md'
  vim.fn.writefile({ 'As is known[^nowhere].' }, file)
  open(file)
  shows({ 'nowhere' }, 'the footnote is not underlined')
  vim.cmd('bwipeout!')
end)

local passed, failed = 0, 0
local function test()
  vim.o.completeopt = 'menu,menuone,noselect'
  vim.o.showmode = false
  vim.o.hidden = true
  for _, s in ipairs(steps) do
    local ok, err = xpcall(s.act, function(e)
      return type(e) == 'string' and e or debug.traceback(vim.inspect(e))
    end)
    if ok then
      passed = passed + 1
      out('ok   ' .. s.name)
    else
      failed = failed + 1
      out('FAIL ' .. s.name .. '  -- ' .. tostring(err))
    end
    vim.cmd('silent! %bwipeout!')
  end
end

local thread = coroutine.create(test)
local timer = vim.loop.new_timer()
timer:start(0, 10, vim.schedule_wrap(function()
  if coroutine.status(thread) == 'dead' then
    return
  end
  local ok, err = coroutine.resume(thread)
  if not ok then
    out('FAIL ' .. tostring(err))
    failed = failed + 1
  end
  if coroutine.status(thread) == 'dead' then
    timer:stop()
    out(('%d passed, %d failed'):format(passed, failed))
    vim.cmd(failed == 0 and 'qall!' or 'cquit 1')
  end
end))
