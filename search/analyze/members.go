package analyze

// Word lists of the splitter, the project's own.

// shortMembers are the words of three letters that may be members.
var shortMembers = makeSet(`amt art arm bau eid eis erz gas gut hof not oel ort rat rad see tag tal tat tod tor weg zug`)

// notMembers are attested as words somewhere and still never members: endings,
// and fragments that legal texts leave lying about.
var notMembers = makeSet(`
keit heit schaft lich isch tion tionen ierung ungen igen barkeit bare baren
lose losen sche schen nisse tern tung ting ling ring ende enden ents erin
innen unge iert tums tens eren eres
rung lung hung nung gung dung bung kung ragen rage rate raten rasen
sten ster stes esse ande anden ings inne erst erste ersten erster
liche lichem lichen licher liches schaftlich schaftliche schaftlichen untere weit
samt trans zusammen weiter zurueck wieder allein gleich ausser hinaus voraus inter
`)

// members are common last and first members of compounds in this field. They
// let a site of sixty pages split what its own texts do not attest.
var members = makeSet(`
abgabe abwehr akte alarm amt analyse angriff anlage anstalt antrag arbeit arznei
arzneimittel arzt aufgabe aufnahme aufsicht auftrag ausbildung ausgabe ausland
ausnahme ausruestung bahn ball bau beatmung bedarf befehl behandlung behoerde
beihilfe beitrag bereich bereitschaft bericht beruf beschaffung bestand betrieb
betreuung bett bevoelkerung bezug bild blut boden brand brief buch bund buendnis
chirurgie container daten dialog dienst drohne druck ebene einheit einkauf einsatz
einsatzkraft energie entwicklung erde ereignis ernaehrung erprobung fach fahrt
fahrzeug fall familie feld fernmelde feuer feuerwehr finanz finanzierung flug
flugzeug foerderung folge form forschung frage frau freiheit frieden frist fuehrung
funk gebiet gefahr geld gemeinde geraet gericht geschaeft gesellschaft gesetz
gesundheit gewalt grenze gruppe gueter haft handel handlung haus haushalt heer
heim hilfe hochwasser hygiene impfung impfstoff industrie infektion information
infrastruktur insel intensiv kammer kampf kapazitaet karte kasse katastrophe kette
kind klasse klinik knoten kommission konzept koerper kosten kraft kraftstoff
kranken krankenhaus krankheit krieg krise kueche kunde labor lager lage land
lazarett leben lebensmittel leistung leiter leitung licht liefer lieferkette liege
linie liste luft macht management mangel markt maschine masse material medizin
medizinprodukt medizintechnik meister mensch miete militaer minister mitglied
mittel modell modul nachricht nacht netz niere norm notaufnahme notfall nutzung
objekt operation ordnung organisation patient personal person pflege pflicht
pharma plan planung platz politik polizei post praxis preis presse produkt
produktion programm projekt pruefung quelle raum reaktor rechnung recht regel
register reihe reise reserve rettung richtlinie rolle sache sanitaet schaden schiff
schule schutz seuche sicherheit sicherung soldat sonder sozial speicher sperre
spiel sport sprache staat stadt stand station stelle steuer steuerung stoff strahlen
strasse strategie streit streitkraft strom studie stunde stuetzpunkt system tabelle
technik technologie teil telefon test texte therapie tier transport trinkwasser
truppe uebung umwelt unfall unterkunft unternehmen urlaub verband verbindung
verbund verfahren verkehr verletzten vermittlung verordnung versicherung versorgung
verteidigung vertrag verwaltung verzeichnis volk vorrat vorsorge waffe wahl ware
warnung wasser wehr wehrpflicht welt werk wert wirkung wirtschaft wissen woche
wohnung wunde zahl zahlung zahn zeichen zeit zelt zentrum zeug ziel zivil zone
zulassung zukunft zusatz zustand zweck
`)
