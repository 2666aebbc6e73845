using System.CommandLine;

var root = new RootCommand("Roux: from a table to a model you trust.");
return root.Parse(args).Invoke();
