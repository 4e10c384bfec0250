using System.Collections.Frozen;
using System.Collections.Immutable;
using Lungfish.Json;
using Lungfish.States.JsonPath;
using Lungfish.States.Model;
using Lungfish.States.Validation;

namespace Lungfish.States.Parsing;

/// <summary>Reads a Choice state and its rules.</summary>
internal static class ChoiceParser
{
    private const string PathSuffix = "Path";

    // Measured.
    private const string WithoutKind =
        "The object must have only one of the following fields, [And, Or, Not, Variable, Condition]";

    private static readonly FrozenDictionary<string, OperandKind> Operators = BuildOperators();

    private enum OperandKind
    {
        Text,
        Number,
        Boolean,
        Timestamp,
    }

    public static ChoiceState Read(string name, FieldReader state)
    {
        _ = state.Require("Choices");
        var data = CommonFields.ReadDataFlow(state, JsonataPlace.BeforeWork);
        return new ChoiceState
        {
            Name = name,
            Data = data,
            Choices = ReadRules(state, data),
            Default = state.Text("Default"),
        };
    }

    private static ImmutableArray<ChoiceRule> ReadRules(FieldReader state, DataFlow data)
    {
        var rules = ImmutableArray.CreateBuilder<ChoiceRule>();
        foreach (var item in state.Items("Choices", canBeEmpty: false))
        {
            if (state.AsObject(item) is not { } rule)
            {
                continue;
            }

            _ = rule.Require("Next");
            var next = rule.Text("Next") ?? "";
            var condition = rule.IsJsonata ? ReadComputed(rule) : ReadCondition(rule, isTopLevel: true);
            var left = data is JsonPathFlow flow
                ? flow with { Assign = AssignReader.ReadPayload(rule) }
                : CommonFields.ReadDataFlow(rule, JsonataPlace.BeforeWork);
            if (condition is not null)
            {
                rules.Add(new ChoiceRule(condition, next, left));
            }
        }

        return rules.ToImmutable();
    }

    private static ComputedCondition? ReadComputed(FieldReader rule)
    {
        StateFields.CheckPart(
            rule,
            both: ["Next", "Assign", "Comment"],
            jsonPath: ["Variable", "And", "Or", "Not", .. Operators.Keys],
            jsonata: ["Condition", "Output"]);
        if (rule.Has("Condition"))
        {
            return ValueFields.ReadCondition(rule) is { } value ? new ComputedCondition(value) : null;
        }

        rule.Refuse(WithoutKind, "Add \"Condition\": \"{% ... %}\".");
        return null;
    }

    private static Condition? ReadCondition(FieldReader rule, bool isTopLevel)
    {
        List<string> operators = [];
        foreach (var member in rule.Node.Members)
        {
            switch (member.Name)
            {
                case "Comment" or "Variable":
                    break;
                case "Next" or "Assign" when isTopLevel:
                    break;
                case "Condition" or "Output":
                    StateFields.RefuseOtherLanguage(rule, member.Name);
                    return null;
                case { } name when name is "And" or "Or" or "Not" || Operators.ContainsKey(name):
                    operators.Add(name);
                    break;
                case var name:
                    StateFields.RefuseField(rule, name ?? "");
                    break;
            }
        }

        var kinds = operators.Count(name => !Operators.ContainsKey(name)) + (rule.Has("Variable") ? 1 : 0);
        if (kinds == 1 && operators.Count == 1)
        {
            return ReadOperator(rule, operators[0]);
        }

        const string Hint =
            "Write 'Variable' and one operator such as 'StringEquals'; combine rules with 'And', 'Or', 'Not'.";
        if (kinds != 1)
        {
            rule.Refuse(WithoutKind, Hint);
        }
        else if (operators.Count == 0)
        {
            rule.RefuseNone(Operators.Keys.Order(StringComparer.Ordinal), Hint);
        }
        else
        {
            // Measured up to the names; which ones are listed is a guess.
            rule.RefuseSeveral(operators, Hint);
        }

        return null;
    }

    private static Condition? ReadOperator(FieldReader rule, string name)
    {
        switch (name)
        {
            case "And":
                return ReadConditions(rule, name) is { } all ? new AndCondition(all) : null;
            case "Or":
                return ReadConditions(rule, name) is { } any ? new OrCondition(any) : null;
            case "Not":
                return rule.Object(name) is { } inner && ReadCondition(inner, isTopLevel: false) is { } condition
                    ? new NotCondition(condition)
                    : null;
            default:
                return ReadComparison(rule, name);
        }
    }

    private static ImmutableArray<Condition>? ReadConditions(FieldReader rule, string name)
    {
        var conditions = ImmutableArray.CreateBuilder<Condition>();
        var items = rule.Items(name, canBeEmpty: false);
        foreach (var item in items)
        {
            if (rule.AsObject(item) is { } inner && ReadCondition(inner, isTopLevel: false) is { } condition)
            {
                conditions.Add(condition);
            }
        }

        return conditions.Count == items.Count && items.Count > 0 ? conditions.ToImmutable() : null;
    }

    private static Comparison? ReadComparison(FieldReader rule, string name)
    {
        var variable = ReadPath(rule, "Variable");
        if (name.EndsWith(PathSuffix, StringComparison.Ordinal))
        {
            var path = ReadPath(rule, name);
            return variable is null || path is null
                ? null
                : new Comparison(variable, name[..^PathSuffix.Length], null, path);
        }

        return ReadOperand(rule, name) is { } operand && variable is not null
            ? new Comparison(variable, name, operand, null)
            : null;
    }

    private static PathExpression? ReadPath(FieldReader rule, string name)
    {
        if (rule[name] is { Text: { } text } field && !text.StartsWith('$'))
        {
            // Reported by users: in rules the words are others than elsewhere.
            rule.Refuse(
                field, "Value is not a Reference Path: Reference path didn't start with '$'",
                $"Begin with '$.' to read the input: \"$.{text}\".");
            return null;
        }

        return rule.Path(name, isReference: true);
    }

    private static JsonValue? ReadOperand(FieldReader rule, string name)
    {
        if (rule[name] is not { } field)
        {
            return null;
        }

        var value = field.ToJson();
        switch (Operators[name], value)
        {
            case (OperandKind.Text, JsonString):
                if (Operators.ContainsKey(name + PathSuffix))
                {
                    LiteralPaths.WarnOfNoPath(rule, field);
                }

                return value;
            case (OperandKind.Number, JsonNumber):
            case (OperandKind.Boolean, JsonBoolean):
                return value;
            case (OperandKind.Timestamp, JsonString { Value: var time }):
                if (Rfc3339.TryParse(time, out _))
                {
                    return value;
                }

                CommonFields.RefuseTimestamp(rule, field);
                return null;
            case (var kind, _):
                rule.RefuseType(field, kind is OperandKind.Timestamp or OperandKind.Text ? "String" : kind.ToString());
                return null;
        }
    }

    private static FrozenDictionary<string, OperandKind> BuildOperators()
    {
        Dictionary<string, OperandKind> operators = new()
        {
            ["StringMatches"] = OperandKind.Text,
            ["BooleanEquals"] = OperandKind.Boolean,
            ["BooleanEqualsPath"] = OperandKind.Boolean,
        };
        foreach (var test in (string[])["IsNull", "IsPresent", "IsNumeric", "IsString", "IsBoolean", "IsTimestamp"])
        {
            operators.Add(test, OperandKind.Boolean);
        }

        foreach (var order in (string[])["Equals", "LessThan", "GreaterThan", "LessThanEquals", "GreaterThanEquals"])
        {
            foreach (var (family, kind) in ((string, OperandKind)[])
                [("String", OperandKind.Text), ("Numeric", OperandKind.Number), ("Timestamp", OperandKind.Timestamp)])
            {
                operators.Add(family + order, kind);
                operators.Add(family + order + PathSuffix, kind);
            }
        }

        return operators.ToFrozenDictionary();
    }
}
