using System.Globalization;
using Lungfish.Json;

namespace Lungfish.Bench.Jsonata;

/// <summary>An expression of the kind that workflows have, and how much it is given to read.</summary>
/// <param name="Name">Says what it is about.</param>
/// <param name="Orders">How many orders the input holds: 3 are 1 KiB, 30 are 11 KiB, 270 are 100 KiB.</param>
/// <param name="Expression">JSONata that both implementations run.</param>
internal sealed record JsonataCase(string Name, int Orders, string Expression);

internal static class JsonataCases
{
    private const int Small = 3;
    private const int Medium = 30;
    private const int Large = 270;

    public static readonly IReadOnlyList<JsonataCase> All =
    [
        new("one value", Small, "orders[0].customer.address.city"),
        new("payload of a task", Small,
            "{'customer': orders[0].customer.name, 'lines': orders[0].items.{'sku': sku, 'total': price * quantity}}"),
        new("condition", Small,
            "$exists(orders[0].customer.email) and $sum(orders.items.quantity) > 3 and orders[0].status != 'open'"),
        new("text", Small,
            "'Order ' & orders[0].id & ' by ' & orders[0].customer.name & ': ' & $count(orders[0].items) & ' items'"),
        new("path", Medium, "orders.items.price"),
        new("sum", Medium, "$sum(orders.items.(price * quantity))"),
        new("arithmetic", Medium, "$round($sum(orders.items.(price * quantity * 1.19)) / $count(orders), 2)"),
        new("choice for each", Medium,
            "orders.(status = 'shipped' ? 'done' : status = 'open' ? 'to do' : 'other')"),
        new("map", Medium,
            "$map(orders, function($o, $i) {{'n': $i, 'id': $o.id, 'total': $sum($o.items.price)}})"),
        new("filter", Medium, "$filter(orders.items, function($i) {$i.price > 50 and $i.quantity > 1}).sku"),
        new("reduce", Medium, "$reduce(orders.items.quantity, function($a, $b) {$a + $b}, 0)"),
        new("chain", Medium,
            "orders.items ~> $filter(function($i) {$i.price > 50}) ~> $map(function($i) {$i.sku}) ~> $count"),
        new("sort by function", Medium, "$sort(orders.items, function($a, $b) {$a.price > $b.price}).sku"),
        new("join", Medium, "orders@$o.returns@$r[$r.order = $o.id].{'of': $o.customer.name, 'why': $r.reason}"),
        new("parent", Medium, "orders.items.{'order': %.id, 'sku': sku}"),
        new("transform", Medium, "orders ~> |items|{'total': price * quantity}, ['tags']|"),
        new("descendants", Medium, "**.city"),
        new("merge", Medium, "$merge(orders.{id: status})"),
        new("texts", Medium,
            "orders.customer.($uppercase($substringBefore(name, ' ')) & ' <' & $lowercase(email) & '>')"),
        new("split and join", Medium, "$join($split($join(orders.id, ','), ','), '-')"),
        new("replace by pattern", Medium, "orders.customer.$replace(email, /@.*$/, '@example.com')"),
        new("match pattern", Medium, "orders[$contains(customer.email, /^[a-m].*\\.org$/i)].id"),
        new("format dates", Medium, "orders.$fromMillis($toMillis(placed), '[D01]/[M01]/[Y0001]')"),
        new("read dates", Medium, "orders.$toMillis($substring(placed, 0, 10), '[Y0001]-[M01]-[D01]')"),
        new("format numbers", Medium, "orders.items.$formatNumber(price, '#,##0.00')"),
        new("recursion", Small,
            "($f := function($n) {$n < 2 ? 1 : $n * $f($n - 1)}; $map([1..20], $f))"),
        new("range", Small, "$sum([1..1000].($ * $ % 7))"),
        new("predicate", Large, "orders[status = 'shipped'].id"),
        new("group by", Large, "orders{status: $sum(items.(price * quantity))}"),
        new("order by", Large, "orders^(>placed, customer.name).id"),
        new("distinct", Large, "$count($distinct(orders.items.sku))"),
    ];

    /// <summary>Orders as a shop has them, the same ones every time.</summary>
    public static JsonObject InputOf(int orders) =>
        JsonObject.Of(
            ("orders", JsonArray.Of(Enumerable.Range(0, orders).Select(Order))),
            ("returns", JsonArray.Of(Enumerable.Range(0, 1 + (orders / 5)).Select(Return))));

    private static JsonValue Return(int i) => JsonObject.Of(
        ("order", string.Create(CultureInfo.InvariantCulture, $"order-{1000 + (i * 5)}")),
        ("reason", Pick(i, "broken", "too late", "wrong size")));

    private static JsonObject Order(int i)
    {
        var firstName = Pick(i, "Ada", "Grace", "Alan", "Edsger", "Barbara");
        var name = $"{firstName} {Pick(i / 5, "Moore", "Ng", "Silva", "Berg")}";
        return JsonObject.Of(
            ("id", string.Create(CultureInfo.InvariantCulture, $"order-{1000 + i}")),
            ("status", Pick(i * 7, "open", "shipped", "returned", "shipped", "lost")),
            ("placed", DateTimeOffset.UnixEpoch.AddDays(18_000 + (i * 7919 % 900)).AddMinutes(i * 37 % 1440)
                .ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)),
            ("customer", JsonObject.Of(
                ("name", name),
                ("email", $"{name.Replace(' ', '.')}@{Pick(i, "shop.example", "mail.org", "net.example")}"),
                ("address", JsonObject.Of(
                    ("city", Pick(i * 3, "Lisbon", "Oslo", "Quito", "Kyoto")),
                    ("zip", (10_000 + (i * 101 % 9000)).ToString(CultureInfo.InvariantCulture)))))),
            ("items", JsonArray.Of(Enumerable.Range(0, 1 + (i % 3)).Select(j => Item((i * 3) + j)))));
    }

    private static JsonValue Item(int i) => JsonObject.Of(
        ("sku", string.Create(CultureInfo.InvariantCulture, $"sku-{i * 31 % 97}")),
        ("price", (i * 1373 % 12_000) / 100.0),
        ("quantity", 1 + (i % 4)),
        ("tags", JsonArray.Of(Pick(i, "red", "green", "blue"), Pick(i, "small", "large"))));

    private static string Pick(int i, params ReadOnlySpan<string> choices) => choices[i % choices.Length];
}
