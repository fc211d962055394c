-- Which buffers concern Scholium, the client for Neovim 0.7 to 0.10, and what its clients have in common. From 0.11 on
-- Neovim starts the client itself, by lsp/scholium.lua.

local M = {}

-- Layouts are htmldjango or liquid to Neovim where they begin with Liquid.
M.filetypes = { 'markdown', 'kramdown', 'html', 'htmldjango', 'liquid', 'yaml', 'bib' }

-- The files that make a folder a Jekyll site.
local site_files = { '_config.yml', '_config.yaml' }

-- A server that ends so often within so many seconds is not started again: what kills it is still there.
local most_ends, within = 5, 180

-- cmd returns the server's command line.
function M.cmd()
  return vim.g.scholium_cmd or { 'scholium', 'serve' }
end

-- root returns the folder of the site that a buffer's file lies in. Outside any site it returns the file's own folder
-- for Markdown, and nil for HTML and YAML, and for a buffer without a file: these are none of Scholium's business.
function M.root(buf)
  local file = vim.api.nvim_buf_get_name(buf)
  if file == '' or file:match('^%a[%w+.-]+://') or vim.bo[buf].buftype ~= '' then
    return nil
  end
  local own = vim.fn.fnamemodify(file, ':p:h')
  local dir = own
  while true do
    for _, name in ipairs(site_files) do
      local stat = vim.loop.fs_stat(dir .. '/' .. name)
      if stat and stat.type == 'file' then
        return dir
      end
    end
    local up = vim.fn.fnamemodify(dir, ':h')
    if up == dir then
      break
    end
    dir = up
  end
  local filetype = vim.bo[buf].filetype
  return (filetype == 'markdown' or filetype == 'kramdown') and own or nil
end

-- clients returns Scholium's clients, or those of one buffer.
function M.clients(buf)
  return vim.tbl_filter(function(client)
    return client.name == 'scholium' and (not buf or vim.lsp.buf_is_attached(buf, client.id))
  end, (vim.lsp.get_clients or vim.lsp.get_active_clients)())
end

-- highlight shows the other places of the name under the cursor when the cursor rests.
local function highlight(client, buf)
  for _, kind in ipairs({ 'Text', 'Read', 'Write' }) do
    vim.cmd(('highlight default link LspReference%s Visual'):format(kind)) -- later versions have these
  end
  local group = vim.api.nvim_create_augroup('scholium_highlight', { clear = false })
  vim.api.nvim_clear_autocmds({ group = group, buffer = buf })
  vim.api.nvim_create_autocmd({ 'CursorHold', 'CursorHoldI' }, {
    group = group,
    buffer = buf,
    callback = function()
      if vim.lsp.buf_is_attached(buf, client.id) then
        vim.lsp.buf.document_highlight()
      end
    end,
  })
  vim.api.nvim_create_autocmd({ 'CursorMoved', 'CursorMovedI', 'BufLeave' }, {
    group = group,
    buffer = buf,
    callback = function()
      vim.lsp.buf.clear_references()
    end,
  })
end

-- on_attach sets up a buffer that has got a client.
function M.on_attach(client, buf)
  local has = client.server_capabilities or {}
  if vim.g.scholium_hints ~= false and has.inlayHintProvider and vim.lsp.inlay_hint then
    vim.lsp.inlay_hint.enable(true, { bufnr = buf })
  end
  if vim.g.scholium_highlight ~= false and has.documentHighlightProvider then
    highlight(client, buf)
  end
  -- Later versions do this by themselves. Neovim's Markdown brings HTML's completion along, which nobody chose.
  if vim.fn.has('nvim-0.8') == 0 then
    local omnifunc = vim.bo[buf].omnifunc
    if omnifunc == '' or omnifunc == 'htmlcomplete#CompleteTags' then
      vim.bo[buf].omnifunc = 'v:lua.vim.lsp.omnifunc'
    end
  end
end

-- attach_all gives each loaded buffer that wants one a client.
local function attach_all()
  for _, buf in ipairs(vim.api.nvim_list_bufs()) do
    if vim.api.nvim_buf_is_loaded(buf) and vim.tbl_contains(M.filetypes, vim.bo[buf].filetype) then
      M.attach(buf)
    end
  end
end

-- once_gone does something when Neovim has forgotten a client, which is a little after its server's end.
local function once_gone(id, act)
  if not vim.lsp.get_client_by_id(id) then
    act()
    return
  end
  vim.defer_fn(function()
    once_gone(id, act)
  end, 10)
end

local ready = {} -- the clients whose server has answered once
local ends = {} -- when servers were lost

function M.on_init(client)
  ready[client.id] = true
end

-- on_exit starts a server again that was lost: not one that was told to end, and not one that never answered.
function M.on_exit(code, signal, id)
  if code == 0 and signal == 0 or signal == 15 or not ready[id] then
    return
  end
  local now = vim.loop.hrtime() / 1e9
  ends = vim.tbl_filter(function(at)
    return now - at < within
  end, ends)
  ends[#ends + 1] = now
  local again = #ends < most_ends
  vim.schedule(function()
    local what = ('Scholium has ended (exit code %d, signal %d)'):format(code, signal)
    vim.notify(what .. (again and '; it is started again' or '; :ScholiumRestart starts it again'), vim.log.levels.WARN)
    if again then
      once_gone(id, attach_all)
    end
  end)
end

-- stop tells a client to end its server; with force it kills it.
local function stop(client, force)
  if vim.fn.has('nvim-0.11') == 1 then
    client:stop(force)
  else
    client.stop(force)
  end
end

-- restart ends the servers and starts them again.
function M.restart()
  ends = {}
  local left = 1
  local function done()
    left = left - 1
    if left == 0 then
      attach_all()
    end
  end
  for _, client in ipairs(M.clients()) do
    left = left + 1
    ready[client.id] = nil
    stop(client)
    vim.defer_fn(function()
      if vim.lsp.get_client_by_id(client.id) then
        stop(client, true) -- it does not answer
      end
    end, 3000)
    once_gone(client.id, done)
  end
  done()
end

-- config returns the client's configuration, as far as every version knows it.
function M.config()
  local capabilities
  if vim.fn.has('nvim-0.11') == 1 then
    -- Asked to look again, Neovim 0.12 asks for the problems of the files that are not open, and passes over the answer
    -- for those that are (diagnostic.lua, on_refresh). A server that cannot ask publishes its problems instead.
    capabilities = { workspace = { diagnostics = { refreshSupport = false } } }
  end
  return {
    cmd = M.cmd(),
    capabilities = capabilities,
    init_options = vim.g.scholium_options,
    on_init = M.on_init,
    on_attach = M.on_attach,
    on_exit = M.on_exit,
  }
end

-- 0.7 has no vim.lsp.start: here is the client of each folder.
local started = {}

-- attach gives a buffer a client, one for each site.
function M.attach(buf)
  local root = M.root(buf)
  if not root then
    return
  end
  -- From 0.11 on the user may have more to say.
  local config = vim.fn.has('nvim-0.11') == 1 and vim.deepcopy(vim.lsp.config.scholium) or M.config()
  if type(config.cmd) == 'table' and vim.fn.executable(config.cmd[1]) == 0 then
    local message = ('Scholium: there is no program %s; install it, or set g:scholium_cmd'):format(config.cmd[1])
    vim.notify_once(message, vim.log.levels.WARN)
    return
  end
  config.name = 'scholium'
  config.root_dir = root
  config.workspace_folders = { { uri = vim.uri_from_fname(root), name = root } }
  if vim.lsp.start then
    vim.lsp.start(config, { bufnr = buf })
    return
  end
  local id = started[root]
  if not id or not vim.lsp.get_client_by_id(id) then
    config.capabilities = vim.lsp.protocol.make_client_capabilities()
    id = vim.lsp.start_client(config)
    started[root] = id
  end
  if id then
    vim.lsp.buf_attach_client(buf, id)
  end
end

return M
