#compdef tix
# Completion of tix for zsh. Use:  source <(tix completion zsh)  after compinit, or put this file as _tix
# into a folder of $fpath.
#
# tix prints "value TAB description" lines. They are read into arrays for compadd, which takes them as they
# are; nothing of them is evaluated. ":files" as the first line leaves the word to zsh's completion of files.

_tix() {
    local -a typed lines values shown
    local line value text
    local -a going suffix
    local -i widest=0 described=0

    # (Q) takes the quoting away and expands nothing.
    typed=("${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}")
    lines=("${(@f)$(command tix __complete -- "${typed[@]}" 2>/dev/null </dev/null)}")
    if [[ $lines[1] == ':files' ]]; then
        [[ $PREFIX == --*=* ]] && compset -P '*='
        _files
        return
    fi
    for line in "${lines[@]}"; do
        [[ -n $line ]] || continue
        value=${line%%$'\t'*}
        values+=("$value")
        (( ${(m)#value} > widest )) && widest=${(m)#value}
        [[ $line == *$'\t'?* ]] && described=1
    done
    (( $#values )) || return 1
    going=("${(@M)values:#*=}")
    (( $#going == $#values )) && suffix=(-S '') # what ends in = goes on
    if (( ! described )); then
        compadd -V tix "${suffix[@]}" -a values
        return
    fi
    for line in "${lines[@]}"; do
        [[ -n $line ]] || continue
        value=${line%%$'\t'*}
        text=${line#*$'\t'}
        [[ -n $text ]] && text="${(mr:widest:)value}  -- $text" || text=$value
        (( ${(m)#text} >= COLUMNS )) && text=${(mr:COLUMNS-1:)text}
        shown+=("$text")
    done
    compadd -V tix "${suffix[@]}" -l -d shown -a values
}

if [[ ${funcstack[1]-} == _tix ]]; then
    _tix "$@"  # this file is the function, autoloaded from $fpath
else
    if (( ! ${+functions[compdef]} )); then
        autoload -Uz compinit && compinit -D -i
    fi
    compdef _tix tix
fi
