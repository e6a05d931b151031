package markdown

// word returns a word of the interface in the page's language.
func (p *page) word(key string, args ...any) string { return p.c.cfg.Words(p.lang, key, args...) }
