package analyze

import (
	"maps"
	"slices"
	"strings"
)

// stopWords are words that say nothing about a text's subject: articles,
// pronouns, prepositions, conjunctions, auxiliaries, a handful of English.
// They keep their position and are never indexed, expanded or split off.
var stopWords = makeSet(`
aber alle allem allen aller alles als also am an andere anderen anderer anderes
auch auf aus bei beim bereits bis bzw da dabei dadurch dafuer dagegen daher
dahin damit danach daneben dann daran darauf daraus darf darin darueber darum
darunter das dass davon davor dazu dein deine dem demnach den denen denn dennoch
der deren derer des deshalb dessen dh die dies diese diesem diesen dieser dieses
doch dort du duerfen durch ebenso ein eine einem einen einer eines einige einigen
einiger er es etc etwa etwas euer eure falls fuer gegen gegenueber gemaess haben
habe hat hatte hatten hier hierbei hierfuer hiermit hierzu hinter ich ihm ihn
ihnen ihr ihre ihrem ihren ihrer ihres im immer in indem infolge innerhalb ins
insbesondere insoweit inwieweit ist ja jede jedem jeden jeder jedes jedoch jene
jenem jenen jener jenes jeweils kann kein keine keinem keinen keiner keines
koennen koennte koennten konnte mehr mein meine mit mittels muessen muss nach
nachdem neben nein nicht nichts noch nun nur ob oben oder ohne per sehr sei seien
sein seine seinem seinen seiner seines seit selbst sich sie sind so sobald sofern
solche solchem solchen solcher solches soll sollen sollte sollten somit sondern
sonst soweit sowie sowohl ua ueber um und uns unser unsere unter usw vom von vor
waehrend wann war waren warum was weder wegen weil welche welchem welchen welcher
welches wenn wer werden wie wieder wird wo wobei wofuer woran worden wurde wurden
wuerde wuerden zb zu zum zur zwar zwischen
ivm idr dazu hin her bezueglich hinsichtlich aufgrund anhand zwecks statt anstelle
a an and are at by for from in is of on or that the this to was with
`)

// StopWords are all of them, sorted.
func StopWords() []string { return slices.Sorted(maps.Keys(stopWords)) }

// IsStop reports whether a form is a stop word.
func IsStop(form string) bool { return stopWords[form] }

func makeSet(words string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		set[w] = true
	}
	return set
}
