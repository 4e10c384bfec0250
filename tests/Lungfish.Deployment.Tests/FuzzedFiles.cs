using System.Text;
using Lungfish.Json;
using Lungfish.Tests.Shared;

namespace Lungfish.Deployment.Tests;

/// <summary>Random files near the ones that people write, and what must hold for each.</summary>
internal static class FuzzedFiles
{
    private static readonly string[] s_functions =
    [
        "Ref", "Fn::GetAtt", "Fn::Sub", "Fn::Join", "Fn::Split", "Fn::Select", "Fn::If", "Fn::FindInMap",
        "Fn::ImportValue", "Fn::Base64", "Fn::Equals", "Fn::And", "Fn::Or", "Fn::Not", "Fn::Contains", "Condition",
        "Fn::Cidr", "DependsOn",
    ];

    private static readonly string[] s_texts =
    [
        "", "A", "B", "Orders", "Main", "AWS::NoValue", "AWS::Region", "Orders.Arn", "Orders.Nothing", "${A}",
        "${Orders.Arn}", "${!A}", "${", "${}", "#{A}", "${self:custom.a}", "${self:}", "${opt:stage, 'x'}",
        "${env:NONE}", "${self:custom.${opt:stage}}", "${sls:stage}", "${aws:x}", "${file(./x)}", "NaN", "Infinity",
        "true", "1e999", "0x7fffffffffffffff", "-1", "99999999999999999999", "python3.13", "index.handler",
        "AWS::Lambda::Function", "AWS::Serverless::Function", "AWS::Nothing::AtAll", "AWS::IAM::Role",
        "AWS::StepFunctions::Activity", "a,b", "a\0b", "\ud83d", "../..", "main.asl.json", "other.yaml",
    ];

    /// <summary>A sample with some values and keys replaced, taken out, doubled or moved.</summary>
    public static JsonValue Change(JsonValue value, Random random) => random.Next(30) switch
    {
        0 => Next(random, 3),
        1 => Call(value, random),
        _ => value switch
        {
            JsonArray list => JsonArray.Of(list.SelectMany(item => Copies(Change(item, random), random))),
            JsonObject map => ChangeMap(map, random),
            _ => random.Next(25) == 0 ? Next(random, 2) : value,
        },
    };

    public static JsonValue Next(Random random, int levels) => random.Next(levels > 0 ? 10 : 6) switch
    {
        0 => JsonValue.Null,
        1 => random.Next(2) == 0,
        2 => random.Next(-5, 1_000),
        3 => random.Next(2) == 0 ? long.MaxValue : 1e300,
        < 6 => s_texts[random.Next(s_texts.Length)],
        6 => JsonArray.Of(Enumerable.Range(0, random.Next(4)).Select(_ => Next(random, levels - 1))),
        7 => ChangeMap(JsonObject.Empty, random),
        _ => Call(Next(random, levels - 1), random),
    };

    public static string Bytes(Random random, IReadOnlyList<string> samples)
    {
        var bytes = Encoding.UTF8.GetBytes(FuzzRun.Mutate(random, samples));
        for (var i = random.Next(4); i > 0 && bytes.Length > 0; i--)
        {
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        }

        return Encoding.UTF8.GetString(bytes); // As files are read.
    }

    /// <summary>Fails for anything but a result or a refusal that says what is wrong, and where.</summary>
    public static void ReadOrRefuse(Func<object?> read, string text)
    {
        try
        {
            _ = read();
        }
        catch (DeploymentException refusal)
        {
            var lines = text.Count(c => c is '\n' or '\r' or '\u0085' or '\u2028' or '\u2029') + 1;
            Assert.NotEmpty(refusal.Problems);
            Assert.All(refusal.Problems, problem =>
            {
                Assert.NotEmpty(problem.Message);
                Assert.NotEmpty(problem.WhatToDo);
                Assert.InRange(problem.Mark.Line, 1, lines + 1); // What is missing is missing behind the last one.
                Assert.InRange(problem.Mark.Column, 1, text.Length + 2);
            });
        }
    }

    private static JsonObject Call(JsonValue argument, Random random)
    {
        var call = new JsonObject.Builder();
        call.Set(s_functions[random.Next(s_functions.Length)], random.Next(3) switch
        {
            0 => JsonArray.Of([s_texts[random.Next(s_texts.Length)], argument]),
            1 => JsonArray.Of([argument, Next(random, 0), Next(random, 0)]),
            _ => argument,
        });
        return call.Build();
    }

    private static JsonObject ChangeMap(JsonObject map, Random random)
    {
        var changed = new JsonObject.Builder();
        foreach (var (key, value) in map.Where(_ => random.Next(40) > 0))
        {
            changed.Set(random.Next(40) == 0 ? Key(random) : key, Change(value, random));
        }

        if (random.Next(8) == 0)
        {
            changed.Set(Key(random), Next(random, 2));
        }

        return changed.Build();
    }

    private static string Key(Random random) => random.Next(3) switch
    {
        0 => s_functions[random.Next(s_functions.Length)],
        1 => s_texts[random.Next(s_texts.Length)],
        _ => ((string[])["Condition", "DependsOn", "Type", "Properties", "Name", "<<", "events", "service", "x"])
            [random.Next(9)],
    };

    private static IEnumerable<JsonValue> Copies(JsonValue value, Random random) =>
        Enumerable.Repeat(value, random.Next(20) switch { 0 => 0, 1 => 2, _ => 1 });
}
