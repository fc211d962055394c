package main
func serve(args []string, io streams) int { return 2 }
func replay(args []string, io streams) int { return 2 }
func explain(args []string, io streams) int { return 2 }
func inspect(args []string, io streams) int { return 2 }
func version(args []string, io streams) int { return 2 }
