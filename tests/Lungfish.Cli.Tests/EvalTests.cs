namespace Lungfish.Cli.Tests;

public sealed class EvalTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public async Task Eval_StandardInput_IsTheInput()
    {
        var run = await Eval("from & '!'");

        Assert.Equal(new CliRun(0, "\"stdin!\"\n", ""), run);
    }

    [Theory]
    [InlineData("$sum(items.price)", "{\"items\": [{\"price\": 2}, {\"price\": 3}]}", "5\n")]
    [InlineData("{'a': [1, $]}", "{\"b\": null}", "{\n  \"a\": [\n    1,\n    {\n      \"b\": null\n    }\n  ]\n}\n")]
    [InlineData("null", "1", "null\n")]
    [InlineData("$", "[\"\U0001F600\", \"\\ud83d\", {}, []]", "[\n  \"\U0001F600\",\n  \"\\ud83d\",\n  {},\n  []\n]\n")]
    public async Task Eval_Input_IsWrittenForPeople(string expression, string input, string expected) =>
        Assert.Equal(new CliRun(0, expected, ""), await Eval(expression, "--input", input));

    [Fact]
    public async Task Eval_DeepInput_IsWrittenForPeople()
    {
        var deep = new string('[', 900) + new string(']', 900);

        var run = await Eval("$", "--input", deep);

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(deep, string.Concat(run.Out.Where(c => !char.IsWhiteSpace(c))));
    }

    [Fact]
    public async Task Eval_FileThatIsNotThere_IsNamed()
    {
        var run = await Eval("$", "--input", "no/such.json");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("no file 'no/such.json'", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Eval_RawAndCompact_AreForPrograms()
    {
        Assert.Equal("a \"b\"\n", (await Eval("x", "--raw", "-i", "{\"x\": \"a \\\"b\\\"\"}")).Out);
        Assert.Equal("{\"x\":[1,2]}\n", (await Eval("$", "--compact", "-i", "{\"x\": [1, 2]}")).Out);
    }

    [Fact]
    public async Task Eval_Files_HoldInputAndExpression()
    {
        await File.WriteAllTextAsync(_file, "{\"x\": 1}\n");
        Assert.Equal("1\n", (await Eval("x", "--input", _file)).Out);
        Assert.Equal("1\n", (await Eval("x", "--input", "@" + _file)).Out);

        await File.WriteAllTextAsync(_file, "1 +\n 2\n");
        Assert.Equal("3\n", (await Eval("@" + _file)).Out);
    }

    [Fact]
    public async Task Eval_Variables_AreBound() => Assert.Equal(
        new CliRun(0, "[\n  3,\n  \"x\"\n]\n", ""),
        await Eval("[$limit, $name.first]", "--var", "limit=3", "--var", "$name={\"first\": \"x\"}"));

    [Fact]
    public async Task Eval_Undefined_ExitsWithOne()
    {
        var run = await Eval("nothing.here", "--input", "{}");

        Assert.Equal((1, ""), (run.ExitCode, run.Out));
        Assert.StartsWith("undefined", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Eval_ErrorInTheExpression_IsShownAtItsPlace()
    {
        var run = await Eval("'a' + 1");

        Assert.Equal((2, ""), (run.ExitCode, run.Out));
        Assert.Equal(
            """
            error: T2001: The left side of the "+" operator must evaluate to a number (at character 5)
              'a' + 1
                  ^

            """.ReplaceLineEndings("\n"),
            run.Error);
    }

    [Fact]
    public async Task Eval_ErrorInAFunction_MarksItsName() => Assert.EndsWith(
        "Given \"foo\" (at character 6)\n  1 + $toMillis('foo')\n       ^^^^^^^^\n",
        (await Eval("1 + $toMillis('foo')")).Error,
        StringComparison.Ordinal);

    [Fact]
    public async Task Eval_SyntaxErrorInAFile_NamesItsLine()
    {
        await File.WriteAllTextAsync(_file, "(\n\t$x := 1;\n\t$x + )\n");

        var run = await Eval("@" + _file);

        Assert.Equal(2, run.ExitCode);
        Assert.Matches("^error: S0[0-9]+: .+ \\(line 3, column [0-9]+\\)\n  \t\\$x \\+ \\)\n  \t +\\^\n$", run.Error);
    }

    [Fact]
    public async Task Eval_StepFunctions_HasItsFunctionsAndStates()
    {
        Assert.Equal(
            "[\n  [\n    1,\n    2\n  ],\n  [\n    3\n  ]\n]\n",
            (await Eval("{% $partition($states.input, 2) %}", "--step-functions", "-i", "[1, 2, 3]")).Out);
        Assert.Equal(2, (await Eval("1 ?? 2", "--step-functions")).ExitCode);
    }

    [Theory]
    [InlineData("$.items[?(@.price > 2)].price", "[\n  3\n]\n")]
    [InlineData("$.items[0].price", "2\n")]
    [InlineData("States.Format('{} and {}', $.items[0].price, $limit)", "\"2 and 9\"\n")]
    public async Task Eval_JsonPath_IsThatOfTheStatesLanguage(string expression, string expected) => Assert.Equal(
        new CliRun(0, expected, ""),
        await Eval(
            expression, "--jsonpath", "--var", "limit=9", "-i", "{\"items\": [{\"price\": 2}, {\"price\": 3}]}"));

    [Fact]
    public async Task Eval_CallOfAnIntrinsicFunction_NeedsNoFlag() =>
        Assert.Equal("[\n  1,\n  2\n]\n", (await Eval("States.Array(1, 2)")).Out);

    [Theory]
    [InlineData(1, "undefined", "$.nope", "--jsonpath")]
    [InlineData(2, "error: ", "$.a[", "--jsonpath")]
    [InlineData(2, "error: ", "States.MathAdd('a', 1)", "--jsonpath")]
    [InlineData(2, "error: An expression is JSONata or a JSONPath", "$", "--jsonpath", "--step-functions")]
    [InlineData(2, "error: What --input gives is no JSON", "$", "--input", "{")]
    [InlineData(2, "error: What --var x gives is no JSON", "$", "--var", "x=abc")]
    [InlineData(2, "error: \"x\" names no variable.", "$", "--var", "x")]
    [InlineData(2, "error: EXPRESSION: ", "@no-such-file")]
    public async Task Eval_Mistake_SaysWhatItIs(int exitCode, string error, params string[] arguments)
    {
        var run = await Eval(arguments);

        Assert.Equal((exitCode, ""), (run.ExitCode, run.Out));
        Assert.StartsWith(error, run.Error, StringComparison.Ordinal);
    }

    private static Task<CliRun> Eval(params string[] arguments) => CliRun.Of(new NoServer(), ["eval", .. arguments]);
}
