package index

func (b *builder) writeShards(m *meta, write func(string, []byte) error) error { return nil }
