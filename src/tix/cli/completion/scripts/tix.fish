# Completion of tix for fish. Use:  tix completion fish > ~/.config/fish/completions/tix.fish
#
# tix prints "value TAB description" lines, which are fish's own form; nothing of them is evaluated.
# ":files" as the first line leaves the word to fish's completion of files. Fish never quotes a tilde, so a
# value that begins with one would become a folder: it is left out.

function __tix_has_suggestions
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l plain (string unescape -- $current)
    or set plain (string replace -r -- '^["\']' '' $current)
    set -g __tix_lines (command tix __complete -- $words[2..-1] "$plain" 2>/dev/null </dev/null | string match -v -- '~*')
    test "$__tix_lines[1]" != ':files'
end

function __tix_suggestions
    test (count $__tix_lines) -gt 0; and printf '%s\n' $__tix_lines
    set -e __tix_lines
end

complete -c tix -e
complete -c tix -n __tix_has_suggestions -k -f -a '(__tix_suggestions)'
