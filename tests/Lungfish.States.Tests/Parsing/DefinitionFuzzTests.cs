using System.Globalization;
using System.Text;
using Lungfish.Json;
using Lungfish.States.Parsing;
using Lungfish.States.Tests.Deciding;
using Lungfish.Tests.Shared;

namespace Lungfish.States.Tests.Parsing;

public sealed class DefinitionFuzzTests
{
    private static readonly DefinitionOptions s_options = new() { CanRun = _ => true };

    private static readonly string[] s_samples =
    [
        """
        {"Comment":"c","Version":"1.0","TimeoutSeconds":60,"StartAt":"A","States":{
          "A":{"Type":"Pass","Parameters":{"x.$":"States.Format('{}', $.a)","y":[{"z.$":"$$"}]},"ResultPath":"$.r.s",
            "Assign":{"v.$":"$.r","w":1},"Next":"C"},
          "C":{"Type":"Choice","Choices":[{"And":[{"Variable":"$v","IsPresent":true},{"Not":{"Variable":"$.n",
            "NumericLessThanPath":"$w"}}],"Next":"D"},{"Or":[{"Variable":"$.t","StringMatches":"a*"}],"Next":"W"}],
            "Default":"D"},
          "W":{"Type":"Wait","Timestamp":"2026-01-31T12:00:05Z","OutputPath":null,"Next":"D"},
          "D":{"Type":"Fail","ErrorPath":"$.e","CausePath":"States.JsonToString($)"}}}
        """,
        """
        {"StartAt":"M","States":{
          "M":{"Type":"Map","ItemsPath":"$.a","ItemSelector":{"i.$":"$$.Map.Item.Value"},"MaxConcurrency":2,
            "ItemProcessor":{"ProcessorConfig":{"Mode":"INLINE"},"StartAt":"T","States":{
              "T":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken","HeartbeatSeconds":2,
                "TimeoutSeconds":6,"Parameters":{"Token.$":"$$.Task.Token"},"ResultSelector":{"k.$":"$.x"},
                "Retry":[{"ErrorEquals":["E"],"IntervalSeconds":1,"BackoffRate":1.5,"MaxAttempts":2,
                "MaxDelaySeconds":3,"JitterStrategy":"FULL"}],
                "Catch":[{"ErrorEquals":["States.ALL"],"ResultPath":"$.err","Next":"E"}],"Next":"E"},
              "E":{"Type":"Succeed","InputPath":"$.b"}}},
            "Catch":[{"ErrorEquals":["States.TaskFailed","States.Timeout"],"Next":"P"}],"Next":"P"},
          "P":{"Type":"Parallel","Branches":[{"StartAt":"B","States":{"B":{"Type":"Wait","SecondsPath":"$.n",
            "End":true}}},{"StartAt":"F","States":{"F":{"Type":"Fail"}}}],"End":true}}}
        """,
        """
        {"QueryLanguage":"JSONata","StartAt":"A","States":{
          "A":{"Type":"Pass","Output":{"x":"{% $states.input.n + 1 %}","y":["{% $v %}"]},"Assign":{"v":"{% 1 %}"},
            "Next":"C"},
          "C":{"Type":"Choice","Choices":[{"Condition":"{% $states.input.n > 1 %}","Next":"W","Output":1}],
            "Default":"M"},
          "W":{"Type":"Wait","Seconds":"{% 1 %}","Next":"M"},
          "M":{"Type":"Map","Items":[1,2],"ItemProcessor":{"StartAt":"I","States":{"I":{"Type":"Succeed"}}},
            "ItemSelector":"{% $states.context.Map.Item.Value %}","MaxConcurrency":1,"End":true}}}
        """,
        """
        {"StartAt":"M","States":{
          "M":{"Type":"Map","Label":"L","ToleratedFailurePercentage":5.5,"ToleratedFailureCountPath":"$.n",
            "ItemReader":{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{"InputType":"CSV",
            "CSVHeaderLocation":"GIVEN","CSVHeaders":["a","b"],"MaxItems":9},"Parameters":{"Bucket":"b","Key":"k"}},
            "ItemBatcher":{"MaxItemsPerBatch":2,"BatchInput":{"x.$":"$.n"}},
            "ResultWriter":{"Resource":"arn:aws:states:::s3:putObject","Parameters":{"Bucket":"b","Prefix":"p"}},
            "ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"EXPRESS"},"StartAt":"I",
            "States":{"I":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:000000000000:function:work",
            "Credentials":{"RoleArn.$":"$.r"},"End":true}}},"End":true}}}
        """,
    ];

    private static readonly DefinitionMutation s_mutation = new(s_samples);

    [Fact]
    public void Parse_RandomText_IsADefinitionOrErrorsThatSayWhere() => FuzzRun.Over(Mutate, text => Check(text));

    [Fact]
    public void Parse_RandomBytes_AreADefinitionOrErrorsThatSayWhere() => FuzzRun.Over(
        random =>
        {
            var bytes = Encoding.UTF8.GetBytes(Mutate(random));
            for (var i = random.Next(4); i > 0 && bytes.Length > 0; i--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            return Encoding.UTF8.GetString(bytes);
        },
        text => Check(text));

    /// <summary>What is accepted runs: the world checks each decision, and that something wakes it.</summary>
    [Fact]
    public void Decide_ChangedDefinitionThatIsAccepted_Runs() => FuzzRun.Over(
        random => (Text: Changed(random).ToText(), Seed: random.Next()),
        given =>
        {
            if (Check(given.Text).Definition is not { } definition)
            {
                return;
            }

            var machines = new RandomMachines(given.Seed);
            _ = new World(definition, machines.Answers).Start(RandomMachines.Input).Run(decisionsMax: 300);
        },
        weight: 10);

    private static JsonValue Changed(Random random) => random.Next(2) == 0
        ? s_mutation.Next(random)
        : s_mutation.Change(JsonValue.Parse(new RandomMachines(random.Next()).Definition()), random);

    private static string Mutate(Random random) => random.Next(3) == 0
        ? FuzzRun.Mutate(random, [new RandomMachines(random.Next()).Definition()])
        : FuzzRun.Mutate(random, s_samples);

    private static DefinitionParse Check(string text)
    {
        var parse = DefinitionParser.Parse(text, s_options);
        var lines = text.Count(c => c is '\n' or '\r') + 1; // Jackson takes both for the end of a line.

        Assert.Equal(parse.Definition is null, parse.ErrorText.Length > 0);
        Assert.All(parse.Diagnostics, diagnostic =>
        {
            Assert.NotEmpty(diagnostic.Message);
            Assert.False(string.IsNullOrEmpty(diagnostic.Hint), diagnostic.ToString());
            Assert.InRange(diagnostic.Line, 0, lines);
            Assert.InRange(diagnostic.Column, 0, text.Length + 1);
        });
        // What stands twice is read once: a pointer into the other one leads nowhere, and its print is another text.
        if (parse.Diagnostics.All(diagnostic => diagnostic.Pointer is not null)
            && !parse.Diagnostics.Any(d => d.Message.Contains("stands twice", StringComparison.Ordinal)))
        {
            var document = JsonValue.Parse(Encoding.UTF8.GetBytes(text)); // A lone surrogate has no UTF-8.
            Assert.All(
                parse.Diagnostics, diagnostic => Assert.NotNull(Find(document, diagnostic.Pointer ?? "")));
            CheckPrinted(document, parse);
        }

        return parse;
    }

    /// <summary>The definition printed anew means the same.</summary>
    private static void CheckPrinted(JsonValue document, DefinitionParse parse)
    {
        var again = DefinitionParser.Parse(document.ToText(), s_options);

        Assert.Equal(parse.Definition is null, again.Definition is null);
        Assert.Equal(
            parse.Diagnostics.Select(d => (d.Severity, d.Code, d.Message, d.Pointer)),
            again.Diagnostics.Select(d => (d.Severity, d.Code, d.Message, d.Pointer)));
    }

    private static JsonValue? Find(JsonValue document, string pointer) => pointer.Split('/').Skip(1).Aggregate(
        (JsonValue?)document,
        (value, step) => value switch
        {
            JsonObject o => o[step.Replace("~1", "/", StringComparison.Ordinal)
                .Replace("~0", "~", StringComparison.Ordinal)],
            JsonArray array => array[int.Parse(step, CultureInfo.InvariantCulture)],
            _ => null,
        });
}
