using System.Collections;
using System.Globalization;
using System.Text;
using Lungfish.Json;
using Lungfish.States.Jsonata;
using Lungfish.States.JsonPath;
using Lungfish.States.Model;

namespace Lungfish.States.Tests.Parsing;

/// <summary>All that a definition holds, as text, with paths and calls in their one spelling: two definitions are the
/// same if their dumps are. It looks at whatever properties the model has, so that no new one is forgotten.</summary>
internal static class DefinitionDump
{
    public static string Of(StateMachineDefinition definition)
    {
        var text = new StringBuilder();
        Append(text, definition, "");
        return text.ToString();
    }

    private static void Append(StringBuilder text, object? value, string indent)
    {
        switch (value)
        {
            case null or string or JsonValue or bool or TimeSpan or double or long or int or Enum:
                text.AppendLine(CultureInfo.InvariantCulture, $" {value ?? "none"}");
                break;
            case DateTimeOffset time:
                text.AppendLine(CultureInfo.InvariantCulture, $" {time:O}");
                break;
            case PathExpression path:
                text.AppendLine(CultureInfo.InvariantCulture, $" {path.Print()}");
                break;
            case ValueExpression expression:
                text.AppendLine(CultureInfo.InvariantCulture, $" {expression.Print()}");
                break;
            case PayloadTemplate template:
                text.AppendLine(CultureInfo.InvariantCulture, $" {Respelling.OfTemplate(template.Template)}");
                break;
            case JsonataTemplate jsonata:
                var expressions = jsonata.Expressions.Select(expression => $"{expression.Field}: {expression.Text}");
                text.AppendLine(CultureInfo.InvariantCulture, $" {jsonata.Literal} {string.Join("; ", expressions)}");
                break;
            case IDictionary states:
                text.AppendLine();
                foreach (var name in states.Keys.Cast<string>().Order(StringComparer.Ordinal))
                {
                    AppendNamed(text, name, states[name], indent);
                }

                break;
            case IEnumerable items:
                text.AppendLine();
                foreach (var item in items)
                {
                    AppendNamed(text, "-", item, indent);
                }

                break;
            default:
                text.AppendLine(CultureInfo.InvariantCulture, $" {value.GetType().Name}");
                foreach (var property in value.GetType().GetProperties().OrderBy(p => p.Name, StringComparer.Ordinal))
                {
                    if (property.GetIndexParameters().Length == 0)
                    {
                        AppendNamed(text, property.Name, property.GetValue(value), indent);
                    }
                }

                break;
        }
    }

    private static void AppendNamed(StringBuilder text, string name, object? value, string indent)
    {
        text.Append(CultureInfo.InvariantCulture, $"{indent}{name}:");
        Append(text, value, indent + "  ");
    }
}
