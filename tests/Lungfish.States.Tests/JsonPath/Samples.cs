using Lungfish.Json;

namespace Lungfish.States.Tests.JsonPath;

/// <summary>Documents that several tests read.</summary>
internal static class Samples
{
    public static readonly JsonValue Store = JsonValue.Parse(
        """
        {
          "store": {
            "book": [
              {"title": "A", "price": 8.95, "tags": ["x", "y"], "isbn": "0-1"},
              {"title": "B", "price": 12.99, "tags": []},
              {"title": "C", "price": 8.99, "tags": ["y"], "isbn": null}
            ],
            "bicycle": {"color": "red", "price": 19.95}
          },
          "limit": 10,
          "nothing": null,
          "a b": {"it's": 1},
          "text": "hello",
          "empty": []
        }
        """);
}
