# bash completion for berm. Written by tools/gen_cli from cli/commands.def; change that file, not this one.
_berm_files() {
    local IFS=$'\n'
    compopt -o filenames 2>/dev/null
    COMPREPLY=($(compgen -f -- "$1"))
}

_berm() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command=${COMP_WORDS[1]}
    COMPREPLY=()
    if [ "$COMP_CWORD" -eq 1 ]; then
        COMPREPLY=($(compgen -W "check coverage explain compile test lint waivers fmt eval disasm version help" -- "$word"))
        return
    fi
    case $command:$before in
    *:-p|*:--policies) _berm_files "$word"; return ;;
    *:-o|*:--output) _berm_files "$word"; return ;;
    *:--sign) _berm_files "$word"; return ;;
    *:--verify-key) _berm_files "$word"; return ;;
    *:-o) COMPREPLY=($(compgen -W "text json jsonl sarif sarif-github junit gitlab github markdown html conftest policyreport openreports oscal openmetrics prometheus csv coverage" -- "$word")); return ;;
    *:--scorecard) _berm_files "$word"; return ;;
    *:--revision) :; return ;;
    *:--target) :; return ;;
    *:--now) :; return ;;
    *:--fail-on) COMPREPLY=($(compgen -W "mandatory unknown any never info low medium high critical" -- "$word")); return ;;
    *:--format) COMPREPLY=($(compgen -W "kyverno gatekeeper json" -- "$word")); return ;;
    *:--profile) :; return ;;
    *:--parameters) _berm_files "$word"; return ;;
    *:--waivers) _berm_files "$word"; return ;;
    *:--within) :; return ;;
    *:--jobs) :; return ;;
    *:--before) _berm_files "$word"; return ;;
    *:--min-coverage) :; return ;;
    *:--guardrail) :; return ;;
    *:--resource) :; return ;;
    *:--limit) :; return ;;
    *:-e) :; return ;;
    esac
    case $word in
    -*)
        case $command in
        check) COMPREPLY=($(compgen -W "-p --policies --verify-key -o --scorecard --revision --target --now --fail-on --profile --parameters --waivers --strict-waivers --jobs --before --drift --limit -q --quiet --partial --verbose --color --no-color --help" -- "$word")) ;;
        coverage) COMPREPLY=($(compgen -W "-p --policies --verify-key -o --scorecard --revision --target --now --profile --parameters --waivers --jobs --limit -q --quiet --partial --verbose --color --no-color --help" -- "$word")) ;;
        explain) COMPREPLY=($(compgen -W "-p --policies --verify-key --target --now --profile --parameters --waivers --guardrail --resource --limit --partial --color --no-color --help" -- "$word")) ;;
        compile) COMPREPLY=($(compgen -W "-p --policies -o --output --sign --verify-key --profile --parameters --waivers --limit --color --no-color --help" -- "$word")) ;;
        test) COMPREPLY=($(compgen -W "-p --policies --verify-key -o --format --coverage --min-coverage --limit --verbose --color --no-color --help" -- "$word")) ;;
        lint) COMPREPLY=($(compgen -W "-p --policies --verify-key -o --profile --parameters --waivers --effective -W --strict --limit --verbose --color --no-color --help" -- "$word")) ;;
        waivers) COMPREPLY=($(compgen -W "-p --policies --verify-key -o --now --profile --parameters --waivers --within --limit --help" -- "$word")) ;;
        fmt) COMPREPLY=($(compgen -W "-p --policies --check --limit --verbose --color --no-color --help" -- "$word")) ;;
        eval) COMPREPLY=($(compgen -W "--limit -e --color --no-color --help" -- "$word")) ;;
        disasm) COMPREPLY=($(compgen -W "--verify-key --limit -e --color --no-color --help" -- "$word")) ;;
        esac
        ;;
    *)
        case $command in
        help) COMPREPLY=($(compgen -W "check coverage explain compile test lint waivers fmt eval disasm version help" -- "$word")) ;;
        version) ;;
        *) _berm_files "$word" ;;
        esac
        ;;
    esac
}

complete -F _berm berm
