namespace Lungfish.Cli.Tests;

public sealed class CommandLineTests
{
    public static TheoryData<string> Commands =>
    [
        "dev", "serve", "doctor", "machine list", "machine show", "machine validate", "machine test-state",
        "execution start", "execution list", "execution show", "execution history", "execution follow",
        "execution stop", "execution redrive", "callback list",
        "callback succeed", "callback fail", "callback heartbeat", "eval", "function list",
        "function versions", "function aliases", "function invoke", "function logs",
    ];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Help_OfEveryCommand_LeadsWithExamples(string command)
    {
        var run = await CliRun.Of(new NoServer(), [.. command.Split(' '), "--help"]);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Matches($"^lungfish {command}: .+\n\nExamples\n  (.*)lungfish {command}.*\n", run.Out);
    }

    [Fact]
    public async Task Help_OfAScriptsCommand_ShowsWhatCanBeTyped()
    {
        var run = await CliRun.By("./lungfish", new NoServer(), "execution", "start", "--help");

        Assert.Contains("\n  arn=$(./lungfish execution start order-approval", run.Out, StringComparison.Ordinal);
        Assert.Contains("\n  ./lungfish execution start MACHINE [options]\n", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("exection list", "Did you mean: lungfish execution\n")]
    [InlineData("execution lits", "Did you mean: lungfish execution list\n")]
    [InlineData("execution list --statsu X", "Did you mean --status?\n")]
    [InlineData("execution start", "needs MACHINE")]
    [InlineData("execution list --status SLEEPING", "\"SLEEPING\" is no status.")]
    [InlineData("machine list -o xml", "\"xml\" is no output format")]
    [InlineData("execution start m --input {", "What --input gives is no JSON")]
    [InlineData("machine list --endpoint nowhere", "\"nowhere\" is no address of a server.")]
    [InlineData("execution list --limit 0", "--limit must be from 1 to 1,000; it is 0.")]
    [InlineData("execution list --limit many", "Cannot parse argument 'many' for option '--limit'.\n")]
    [InlineData("execution list --machine m --function f", "give --machine or --function.")]
    [InlineData("execution follow e --timeout -1", "--timeout must be from 0 to 4,000,000; it is -1.")]
    [InlineData("function logs f -n 1001", "--limit must be from 1 to 1,000; it is 1001.")]
    [InlineData("execution start m --input @", "--input: no file is named.")]
    [InlineData("execution start m --input @/", "--input: '/' is a folder, not a file.")]
    [InlineData("machine validate /", "FILE: '/' is a folder, not a file.")]
    [InlineData("serve --data ", "--data is empty.")]
    [InlineData("doctor --config ", "--config is empty.")]
    [InlineData("export --file ", "--file is empty.")]
    [InlineData("dev ", "PATH is empty.")]
    [InlineData("machine validate f --type fast", "Must be one of: 'standard' 'express'.\n")]
    [InlineData("fsck ", "PATH is empty.")]
    [InlineData("execution show ", "EXECUTION is empty.")]
    [InlineData("execution list --machine arn:of:it", "\"arn:of:it\" is no ARN of a state machine.")]
    [InlineData("backup ", "TARGET is empty.")]
    [InlineData("restore ", "BACKUP is empty.")]
    public async Task Parse_Mistake_SaysWhatIsMeantAndExitsWithTwo(string commandLine, string expected)
    {
        var run = await CliRun.Of(new NoServer(), commandLine.Split(' '));

        Assert.Equal((2, ""), (run.ExitCode, run.Out));
        Assert.StartsWith("error: ", run.Error, StringComparison.Ordinal);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Version_IsOneLine()
    {
        var run = await CliRun.Of(new NoServer(), "--version");

        Assert.Matches("^lungfish [0-9]+\\.[0-9]+\\.[0-9]+\n$", run.Out);
    }

    [Fact]
    public async Task Dev_FolderWithoutService_SaysWhatIsMissing()
    {
        var folder = Directory.CreateTempSubdirectory("lungfish-dev");
        try
        {
            var run = await CliRun.Of(new NoServer(), "dev", folder.FullName);

            Assert.Equal(2, run.ExitCode);
            Assert.Contains("There is no serverless.yml", run.Error, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
