package main

import "github.com/spf13/cobra"

func digestCommand() *cobra.Command { return &cobra.Command{Use: "digest"} }
