package view

import (
	"fmt"
	"testing"
)

// TestMostFrequent: of many words a filter offers those that most things have,
// in their own order.
func TestMostFrequent(t *testing.T) {
	t.Parallel()
	var options []Option
	for i := range 3 * filterOptions {
		options = append(options, Option{Key: fmt.Sprint(i), Count: 1 + i%3})
	}
	got := mostFrequent(options)
	if len(got) != filterOptions {
		t.Fatalf("%d options", len(got))
	}
	for i, o := range got {
		if o.Count != 3 || o.Key != fmt.Sprint(3*i+2) {
			t.Errorf("option %d is %v", i, o)
		}
	}
	if few := options[:filterOptions]; len(mostFrequent(few)) != len(few) {
		t.Error("a word was left out though all fit")
	}
}
