using Lungfish.Jsonata.Evaluation;
using Lungfish.Jsonata.Library;
using Lungfish.Jsonata.Values;

namespace Lungfish.Jsonata.Functions;

/// <summary>Moments and their texts.</summary>
internal static class DateFunctions
{
    public static IEnumerable<NativeFunction> All =>
    [
        Define.Function("now", "<s?s?:s>", 2, static (run, arguments, _) => run.Text(
            DateTimePictures.Format(Millis(run), arguments.TextAt(0), arguments.TextAt(1)))),
        Define.Function("millis", "<:n>", 0, static (run, _, _) => Value.Of(Millis(run))),
        Define.Function("fromMillis", "<n-s?s?:s>", 3, static (run, arguments, _) => FromMillis(run, arguments)),
        Define.Function("toMillis", "<s-s?:n>", 2, static (run, arguments, _) => ToMillis(run, arguments)),
    ];

    /// <summary>Anything but a number gives undefined.</summary>
    public static Value FromMillis(Run run, Value[] arguments) => arguments.NumberAt(0) is { } millis
        ? run.Text(DateTimePictures.Format(millis, arguments.TextAt(1), arguments.TextAt(2)))
        : default;

    private static double Millis(Run run) => run.Environment.Now.ToUnixTimeMilliseconds();

    private static Value ToMillis(Run run, Value[] arguments)
    {
        if (arguments.TextAt(0) is not { } text)
        {
            return default;
        }

        var millis = arguments.TextAt(1) is { } picture
            ? DateTimePictures.ToMillis(text, picture, run.Environment.Now)
            : DateTimePictures.ToMillis(text);
        return millis is { } value ? Value.Of(value) : default;
    }
}
