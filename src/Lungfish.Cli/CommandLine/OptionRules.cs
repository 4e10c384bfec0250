using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Lungfish.Cli.CommandLine;

/// <summary>What the values of options must keep, told before a command runs.</summary>
internal static class OptionRules
{
    /// <summary>What is no number at all is refused by its type.</summary>
    public static T From<T>(this T option, int min, int max) where T : Option
    {
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }]
                && long.TryParse(text, CultureInfo.InvariantCulture, out var number)
                && (number < min || number > max))
            {
                result.AddError(string.Create(
                    CultureInfo.InvariantCulture, $"{option.Name} must be from {min} to {max:N0}; it is {text}."));
            }
        });
        return option;
    }

    /// <summary>An empty path comes of a variable of the shell that is not set.</summary>
    public static T NotEmpty<T>(this T option) where T : Option
    {
        option.Validators.Add(result => CheckNotEmpty(option.Name, result));
        return option;
    }

    /// <inheritdoc cref="NotEmpty{T}(T)"/>
    public static Argument<T> NotEmpty<T>(this Argument<T> argument)
    {
        argument.Validators.Add(result => CheckNotEmpty(argument.Name, result));
        return argument;
    }

    private static void CheckNotEmpty(string name, SymbolResult result)
    {
        if (result.Tokens.Any(token => token.Value.Length == 0))
        {
            result.AddError($"{name} is empty.");
        }
    }
}
