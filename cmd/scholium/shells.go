package main

// Each script hands the words up to the cursor to scholium __complete, and shows what that answers.

const bashScript = `# bash completion for scholium; put "source <(scholium completion bash)" into ~/.bashrc.
_scholium() {
    local cur line words=("${COMP_WORDS[@]:1:COMP_CWORD}")
    cur=${COMP_WORDS[COMP_CWORD]}
    [ "$cur" = "=" ] && cur=
    COMPREPLY=()
    while IFS= read -r line; do
        case $line in
        :files | :folders)
            local how=-f
            [ "$line" = :folders ] && how=-d
            type compopt >/dev/null 2>&1 && compopt -o filenames 2>/dev/null
            while IFS= read -r line; do
                COMPREPLY+=("$line")
            done < <(compgen $how -- "$cur")
            ;;
        :*) ;;
        *) COMPREPLY+=("${line%%$'\t'*}") ;;
        esac
    done < <("${COMP_WORDS[0]}" __complete "${words[@]}" 2>/dev/null)
}
complete -F _scholium scholium
`

const zshScript = `#compdef scholium
# zsh completion for scholium; write it to a file _scholium in a folder of $fpath, or put
# "source <(scholium completion zsh)" into ~/.zshrc behind compinit.
_scholium() {
    local line paths
    local -a names shown
    for line in "${(@f)$("${words[1]}" __complete "${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
        case $line in
        :*) paths=$line ;;
        *)
            names+=("${line%%$'\t'*}")
            if [[ -n ${line#*$'\t'} ]]; then
                shown+=("${line%%$'\t'*}  -- ${line#*$'\t'}")
            else
                shown+=("${line%%$'\t'*}")
            fi
            ;;
        esac
    done
    (( $#names )) && compadd -Q -l -d shown -a names
    case $paths in
    :files) [[ $PREFIX == -*=* ]] && compset -P '*='; _files ;;
    :folders) [[ $PREFIX == -*=* ]] && compset -P '*='; _path_files -/ ;;
    esac
}
if [[ $funcstack[1] == _scholium ]]; then
    _scholium "$@"
elif (( $+functions[compdef] )); then
    compdef _scholium scholium
fi
`

const fishScript = `# fish completion for scholium; write it to ~/.config/fish/completions/scholium.fish.
function __scholium_complete
    set -l words (commandline -opc) (commandline -ct)
    for line in ($words[1] __complete $words[2..-1] 2>/dev/null)
        switch $line
            case :files
                __fish_complete_path (string replace -r -- '^-[^=]*=' '' (commandline -ct))
            case :folders
                __fish_complete_directories (commandline -ct)
            case ':*'
            case '*'
                echo $line
        end
    end
end
complete -c scholium -f -a '(__scholium_complete)'
`

const powershellScript = `# PowerShell completion for scholium; put "scholium completion powershell | Out-String | Invoke-Expression" into $PROFILE.
Register-ArgumentCompleter -Native -CommandName scholium -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $words = @($commandAst.CommandElements | Where-Object { $_.Extent.EndOffset -le $cursorPosition } | ForEach-Object { $_.Extent.Text })
    $program = $words[0]
    $words = @($words | Select-Object -Skip 1)
    if ($wordToComplete -eq '') { $words += '""' }
    foreach ($line in (& $program __complete @words 2>$null)) {
        if ($line -eq ':files') {
            Get-ChildItem -Name -Path "$wordToComplete*" | ForEach-Object {
                [System.Management.Automation.CompletionResult]::new($_, $_, 'ProviderItem', $_)
            }
        } elseif ($line -eq ':folders') {
            Get-ChildItem -Name -Directory -Path "$wordToComplete*" | ForEach-Object {
                [System.Management.Automation.CompletionResult]::new($_, $_, 'ProviderContainer', $_)
            }
        } elseif (-not $line.StartsWith(':')) {
            $word, $means = $line -split [char]9, 2
            if (-not $means) { $means = $word }
            [System.Management.Automation.CompletionResult]::new($word, $word, 'ParameterValue', $means)
        }
    }
}
`
