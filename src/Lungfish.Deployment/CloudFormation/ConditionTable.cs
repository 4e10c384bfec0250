using Lungfish.Deployment.Documents;
using Lungfish.Deployment.Intrinsics;

namespace Lungfish.Deployment.CloudFormation;

/// <summary>The section Conditions, each evaluated when it is asked for; and what the assertions of Rules say.
/// </summary>
internal sealed class ConditionTable(MapNode? conditions, ReadContext context)
{
    private readonly Dictionary<string, bool?> _known = []; // Null: being evaluated.

    /// <returns>Null if there is no such condition.</returns>
    public bool? Find(string name)
    {
        if (_known.TryGetValue(name, out var known))
        {
            return known;
        }

        if (conditions is null || !conditions.TryGet(name, out var node))
        {
            return null;
        }

        _known[name] = null;
        var result = Evaluate(node, $"Conditions.{name}");
        _known[name] = result;
        return result;
    }

    public bool Evaluate(DocumentNode node, string key)
    {
        context.Problems.Allowance.Enter(node.Mark, key);
        var result = EvaluateWithin(node, key);
        context.Problems.Allowance.Leave();
        return result;
    }

    private bool EvaluateWithin(DocumentNode node, string key)
    {
        if (node is not MapNode { Entries: [var function] })
        {
            return Refuse(node.Mark, key, $"this is {node.Kind}, and must be one condition function");
        }

        switch (function)
        {
            case { Key: "Condition", Value: ScalarNode name }:
                return Find(name.Display) ?? Refuse(node.Mark, key, $"there is no condition {name.Display}");
            case { Key: "Fn::And", Value: ListNode all }:
                return all.Items.All(item => Evaluate(item, key));
            case { Key: "Fn::Or", Value: ListNode any }:
                return any.Items.Any(item => Evaluate(item, key));
            case { Key: "Fn::Not", Value: ListNode { Items: [var inner] } }:
                return !Evaluate(inner, key);
            case { Key: "Fn::Equals", Value: ListNode { Items: [var left, var right] } }:
                return Texts(left, key).SequenceEqual(Texts(right, key));
            case { Key: "Fn::Contains" or "Fn::EachMemberEquals", Value: ListNode { Items: [var list, var one] } }:
                var wanted = Texts(one, key);
                return function.Key == "Fn::Contains"
                    ? Texts(list, key).Contains(wanted.FirstOrDefault())
                    : Texts(list, key).All(item => item == wanted.FirstOrDefault());
            case { Key: "Fn::EachMemberIn", Value: ListNode { Items: [var list, var among] } }:
                return !Texts(list, key).Except(Texts(among, key)).Any();
            default:
                return Refuse(function.KeyMark, key, $"{function.Key} is not read in conditions and rules");
        }
    }

    /// <summary>Rules hold before anything is deployed.</summary>
    public void CheckRules(Section rules)
    {
        foreach (var entry in rules.Named)
        {
            var rule = rules.Open(entry);
            var key = rule.KeyOf("Assertions");
            if (entry.Value is not MapNode map)
            {
                continue; // Opening it has complained.
            }

            if (map.TryGet("RuleCondition", out var condition) && !Evaluate(condition, rule.KeyOf("RuleCondition")))
            {
                continue;
            }

            var assertions = map.TryGet("Assertions", out var list) && list is ListNode items ? items.Items : [];
            foreach (var assertion in assertions.OfType<MapNode>())
            {
                if (assertion.TryGet("Assert", out var assert) && !Evaluate(assert, key))
                {
                    var said = assertion.TryGet("AssertDescription", out var text) && text is ScalarNode scalar
                        ? scalar.Display.TrimEnd('.')
                        : "";
                    var why = said.Length > 0 ? said : $"the rule {entry.Key} does not hold";
                    context.Problems.Add(assertion.Mark, key, why, "Give other values to the parameters.");
                }
            }
        }
    }

    private IReadOnlyList<string> Texts(DocumentNode node, string key) => context.Resolve(node, key) switch
    {
        ListNode list => [.. list.Items.OfType<ScalarNode>().Select(item => item.Display)],
        ScalarNode scalar => [scalar.Display],
        var other => [NodeJson.ToJson(other).ToText()],
    };

    private bool Refuse(Mark mark, string key, string message)
    {
        context.Problems.Add(
            mark, key, message, "Use Fn::Equals, Fn::And, Fn::Or, Fn::Not, Condition, or Fn::Contains in rules.");
        return false;
    }
}
