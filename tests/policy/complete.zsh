# What zsh offers: reads command lines, and prints "== LINE" and what is offered behind it, one a line.
# usage: zsh -f complete.zsh FOLDER-OF-COMPLETIONS <LINES
zmodload zsh/zpty
TRAPEXIT() { zpty -d shell 2>/dev/null }
zpty shell zsh -f -i
zpty -w shell "PROMPT= RPROMPT=; unsetopt prompt_sp; fpath=($1 \$fpath); autoload -U compinit && compinit -u -D"
zpty -w shell 'bindkey -e; setopt no_auto_menu no_beep; zstyle ":completion:*" verbose no'
# compadd says which words match; the marks are written so that their echo is none.
zpty -w shell 'compadd() {
	local -a hits
	if [[ " $* " == *" -"[OAD]" "* ]]; then
		builtin compadd "$@"
		return
	fi
	builtin compadd -A hits "$@"
	((! ${#hits})) || print -rl -- "of""fer:"${^hits}
	builtin compadd "$@"
}'
zpty -w shell 'zle -C offer complete-word offer_all; offer_all() { print; _main_complete; print -r -- "of""fered:"; compstate[insert]= compstate[list]=; }; bindkey "^I" offer'
while IFS= read -r line; do
	print -r -- "== $line"
	zpty -n -w shell $'\C-u'"$line"$'\t'
	zpty -r -m shell said $'*offered:*' || exit 1
	print -rl -- ${${(M)${(f)said}:#offer:*}#offer:}
done | tr -d '\r'
