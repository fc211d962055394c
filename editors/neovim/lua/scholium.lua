-- Which buffers concern Scholium, and the client for Neovim 0.7 to 0.10. From 0.11 on Neovim starts the client itself,
-- by lsp/scholium.lua.

local M = {}

M.filetypes = { 'markdown', 'html', 'yaml' }

-- The files that make a folder a Jekyll site.
local site_files = { '_config.yml', '_config.yaml' }

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
  return vim.bo[buf].filetype == 'markdown' and own or nil
end

-- 0.7 has no vim.lsp.start: here is the client of each folder.
local clients = {}

-- attach gives a buffer a client, one for each site.
function M.attach(buf)
  local root = M.root(buf)
  if not root then
    return
  end
  local cmd = M.cmd()
  if vim.fn.executable(cmd[1]) == 0 then
    local message = ('Scholium: there is no program %s; install it, or set g:scholium_cmd'):format(cmd[1])
    vim.notify_once(message, vim.log.levels.WARN)
    return
  end
  local config = {
    name = 'scholium',
    cmd = cmd,
    root_dir = root,
    workspace_folders = { { uri = vim.uri_from_fname(root), name = root } },
  }
  if vim.lsp.start then
    vim.lsp.start(config, { bufnr = buf })
    return
  end
  local id = clients[root]
  if not id or not vim.lsp.get_client_by_id(id) then
    config.capabilities = vim.lsp.protocol.make_client_capabilities()
    -- Later versions do this by themselves. Neovim's Markdown brings HTML's completion along, which nobody chose.
    config.on_attach = function(_, attached)
      local omnifunc = vim.bo[attached].omnifunc
      if omnifunc == '' or omnifunc == 'htmlcomplete#CompleteTags' then
        vim.bo[attached].omnifunc = 'v:lua.vim.lsp.omnifunc'
      end
    end
    id = vim.lsp.start_client(config)
    clients[root] = id
  end
  if id then
    vim.lsp.buf_attach_client(buf, id)
  end
end

return M
