# Completion of tix for bash. Use:  source <(tix completion bash)
#
# tix prints "value TAB description" lines; bash shows the values alone. Nothing of them is evaluated, and a
# value is quoted before it comes onto the line. ":files" as the first line leaves the word to readline.

# Splits $1 into words as the shell would, expanding nothing: _tix_words are the words without their quoting,
# _tix_raw is the last of them as it was typed, _tix_quote the quote that is open at the end.
_tix_split() {
    local rest=$1 chunk char word='' begun=''
    _tix_words=() _tix_raw='' _tix_quote=''
    while [[ -n $rest ]]; do
        case $_tix_quote in
            "'") chunk=${rest%%\'*} ;;
            '"') chunk=${rest%%[\"\\]*} ;;
            *) chunk=${rest%%[\"\'\\[:space:]]*} ;;
        esac
        rest=${rest:${#chunk}}
        char=${rest:0:1}
        rest=${rest:1}
        word+=$chunk
        _tix_raw+=$chunk$char
        [[ -z $chunk ]] || begun=1
        if [[ $char == \\ ]]; then
            begun=1
            char=${rest:0:1}
            rest=${rest:1}
            _tix_raw+=$char
            [[ -z $_tix_quote || $char == [\"\\\$\`] ]] || word+=\\
            word+=$char
        elif [[ -n $_tix_quote ]]; then
            [[ -z $char ]] || _tix_quote=''
        elif [[ $char == [\"\'] ]]; then
            _tix_quote=$char begun=1
        elif [[ -n $char ]]; then
            [[ -z $begun ]] || _tix_words+=("$word")
            word='' begun='' _tix_raw=''
        fi
    done
    _tix_words+=("$word")
}

_tix() {
    local _tix_words _tix_raw _tix_quote words head line value
    COMPREPLY=()
    _tix_split "${COMP_LINE:0:COMP_POINT}"
    words=("${_tix_words[@]:1}")
    if [[ $_tix_raw == *[\<\>]* || $3 == *[\<\>] ]]; then
        compopt -o default 2>/dev/null # a redirection
        return
    fi

    # Readline replaces $2 only, which begins after the last : or = (COMP_WORDBREAKS) or after a quote.
    head=''
    [[ $_tix_raw == *"$2" ]] && head=${_tix_raw%"$2"}
    _tix_split "$head"
    head=${_tix_words[0]}

    while IFS= read -r line; do
        if [[ $line == :files ]]; then
            compopt -o default 2>/dev/null
            return
        fi
        value=${line%%$'\t'*}
        [[ $value == "$head"* && $value != "$head" ]] || continue
        value=${value:${#head}}
        case $_tix_quote in
            '')
                [[ $value != *[!A-Za-z0-9_.,:=@%+/-]* ]] || printf -v value %q "$value"
                ;;
            "'")
                value=${value//\'/\'\\\'\'}
                ;;
            *)
                [[ $value != *!* ]] || continue # no escape from history inside double quotes
                value=${value//\\/\\\\}
                value=${value//\"/\\\"}
                value=${value//\$/\\\$}
                value=${value//\`/\\\`}
                ;;
        esac
        COMPREPLY+=("$value")
    done < <(command tix __complete -- "${words[@]}" 2>/dev/null </dev/null)
    compopt -o nosort 2>/dev/null
    # What ends in = goes on.
    [[ ${#COMPREPLY[@]} -ne 1 || ${COMPREPLY[0]} != *= ]] || compopt -o nospace 2>/dev/null
}

complete -F _tix tix
