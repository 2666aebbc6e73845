using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Roux.Tracking.Registry;
using Shouldly;
using Xunit;

namespace Roux.Tracking.Tests.Registry;

/// <summary>Webhooks: what is sent, when it is tried again, and where it is never sent.</summary>
public class WebhookTests : IDisposable
{
    private static readonly WebhookOptions Local = new() { AllowPrivate = true, FirstDelay = TimeSpan.FromSeconds(10), MostAttempts = 3, Timeout = TimeSpan.FromSeconds(5) };

    private readonly TemporaryStore folder = new();
    private readonly Clock clock = new();
    private Tracker tracker;

    public WebhookTests() => tracker = Open();

    public void Dispose()
    {
        tracker.Dispose();
        folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_promotion_is_told_and_signed()
    {
        using var receiver = new Receiver();
        var (webhook, secret) = tracker.Models.Webhooks.Add(receiver.Url, allowPrivate: true);
        webhook.Events.ShouldContain("version.promoted");
        Register();
        tracker.Models.SetTag("films", "owner", "rita"); // not asked for
        (await tracker.Models.Webhooks.DeliverAsync(Local)).ShouldBe(1);
        (await tracker.Models.Webhooks.DeliverAsync(Local)).ShouldBe(0);

        var (headers, body) = receiver.Requests.ShouldHaveSingleItem();
        var json = JsonNode.Parse(body)!;
        json["type"]!.GetValue<string>().ShouldBe("version.registered");
        json["data"]!["model"]!.GetValue<string>().ShouldBe("films");
        json["data"]!["version"]!.GetValue<int>().ShouldBe(1);
        json["data"]!["actor"]!.GetValue<string>().ShouldBe("rita");
        var signed = $"{headers["webhook-id"]}.{headers["webhook-timestamp"]}.{body}";
        headers["webhook-signature"].ShouldBe("v1," + Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(secret["whsec_".Length..]), Encoding.UTF8.GetBytes(signed))));
        headers["webhook-timestamp"].ShouldBe(clock.GetUtcNow().ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture));
        tracker.Models.Webhooks.Deliveries(webhook.Id).ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            delivery => delivery.State.ShouldBe(DeliveryState.Delivered), delivery => delivery.Status.ShouldBe(200), delivery => delivery.Id.ShouldBe(headers["webhook-id"]));
    }

    [Fact]
    public async Task A_flaky_receiver_is_tried_again_by_the_next_process()
    {
        using var receiver = new Receiver("500 No", "503 Later");
        tracker.Models.Webhooks.Add(receiver.Url, ["version.registered"], allowPrivate: true);
        Register();
        (await tracker.Models.Webhooks.DeliverAsync(Local)).ShouldBe(1);
        (await tracker.Models.Webhooks.DeliverAsync(Local)).ShouldBe(0);
        var delivery = tracker.Models.Webhooks.Deliveries().ShouldHaveSingleItem();
        delivery.State.ShouldBe(DeliveryState.Waiting);
        delivery.Error.ShouldNotBeNull().ShouldContain("500");
        delivery.Due.ShouldBe(clock.GetUtcNow() + TimeSpan.FromSeconds(10));

        tracker.Dispose();
        tracker = Open();
        clock.Now += TimeSpan.FromSeconds(10);
        (await tracker.Models.Webhooks.DeliverAsync(Local)).ShouldBe(1);
        tracker.Models.Webhooks.Deliveries()[0].Due.ShouldBe(clock.GetUtcNow() + TimeSpan.FromSeconds(40));
        clock.Now += TimeSpan.FromSeconds(40);
        (await tracker.Models.Webhooks.DeliverAsync(Local)).ShouldBe(1);
        tracker.Models.Webhooks.Deliveries()[0].State.ShouldBe(DeliveryState.Delivered);
        receiver.Requests.Count.ShouldBe(3);
        receiver.Requests.Select(request => request.Headers["webhook-id"]).Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_receiver_that_never_takes_it_gets_a_dead_letter()
    {
        using var receiver = new Receiver("500 No", "500 No", "500 No", "410 Gone");
        tracker.Models.Webhooks.Add(receiver.Url, ["version.registered"], allowPrivate: true);
        Register();
        for (var attempt = 0; attempt < 5; attempt++)
        {
            await tracker.Models.Webhooks.DeliverAsync(Local);
            clock.Now += TimeSpan.FromHours(1);
        }

        receiver.Requests.Count.ShouldBe(3);
        tracker.Models.Webhooks.Deliveries()[0].ShouldSatisfyAllConditions(delivery => delivery.State.ShouldBe(DeliveryState.Dead), delivery => delivery.Due.ShouldBeNull());
        Register();
        await tracker.Models.Webhooks.DeliverAsync(Local);
        tracker.Models.Webhooks.Deliveries()[0].ShouldSatisfyAllConditions(delivery => delivery.State.ShouldBe(DeliveryState.Dead), delivery => delivery.Attempts.ShouldBe(1));
    }

    [Fact]
    public async Task A_sender_that_died_in_the_middle_loses_nothing()
    {
        using var receiver = new Receiver();
        tracker.Models.Webhooks.Add(receiver.Url, ["version.registered"], allowPrivate: true);
        Register();
        tracker.Database.WritesOrThrow().Call(session => WebhookOutbox.Take(session, tracker.Now())).ShouldHaveSingleItem();
        (await tracker.Models.Webhooks.DeliverAsync(Local)).ShouldBe(0);
        clock.Now += TimeSpan.FromMinutes(3);
        (await tracker.Models.Webhooks.DeliverAsync(Local)).ShouldBe(1);
        receiver.Requests.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task The_end_of_a_run_is_told_where_it_is_asked_for()
    {
        using var receiver = new Receiver();
        tracker.Models.Webhooks.Add(receiver.Url, ["run.finished"], allowPrivate: true);
        tracker.Models.Webhooks.Add(receiver.Url, ["run.finished"], model: "films", allowPrivate: true); // a run is of no model
        Register();
        (await tracker.Models.Webhooks.DeliverAsync(Local)).ShouldBe(1);
        var json = JsonNode.Parse(receiver.Requests.ShouldHaveSingleItem().Body)!;
        json["data"]!["status"]!.GetValue<string>().ShouldBe("Finished");
        json["data"]!["experiment"]!.GetValue<string>().ShouldBe("e");
    }

    [Fact]
    public async Task Redirects_are_not_followed()
    {
        using var other = new Receiver();
        using var receiver = new Receiver($"302 Found\r\nLocation: {other.Url}");
        var (webhook, _) = tracker.Models.Webhooks.Add(receiver.Url, allowPrivate: true);
        (await tracker.Models.Webhooks.TestAsync(webhook.Id, Local)).ShouldSatisfyAllConditions(delivery => delivery.Status.ShouldBe(302), delivery => delivery.State.ShouldBe(DeliveryState.Dead));
        other.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("http://127.0.0.1/")]
    [InlineData("http://2130706433/")]
    [InlineData("http://017700000001/")]
    [InlineData("http://0x7f.0.0.1/")]
    [InlineData("http://0x7f000001/")]
    [InlineData("http://127.1/")]
    [InlineData("http://0/")]
    [InlineData("http://[::1]/")]
    [InlineData("http://[::]/")]
    [InlineData("http://[::ffff:127.0.0.1]/")]
    [InlineData("http://[::ffff:7f00:1]/")]
    [InlineData("http://[::127.0.0.1]/")]
    [InlineData("http://[64:ff9b::169.254.169.254]/")]
    [InlineData("http://[2002:7f00:1::]/")]
    [InlineData("http://[fe80::1]/")]
    [InlineData("http://[fd00:ec2::254]/")]
    [InlineData("http://169.254.169.254/latest/meta-data/")]
    [InlineData("http://10.1.2.3/")]
    [InlineData("http://172.31.0.1/")]
    [InlineData("http://192.168.0.1/")]
    [InlineData("http://100.64.0.1/")]
    [InlineData("http://0.0.0.0/")]
    [InlineData("http://255.255.255.255/")]
    [InlineData("http://224.0.0.1/")]
    [InlineData("ftp://example.org/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("http://user:secret@example.org/")]
    [InlineData("not an address")]
    public void Addresses_that_are_not_public_are_not_taken(string url) => Should.Throw<TrackingException>(() => tracker.Models.Webhooks.Add(url)).Message.ShouldNotContain("secret");

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("93.184.215.14,192.168.1.1")] // one of several is enough
    public async Task Names_that_resolve_to_them_are_not_connected_to(string addresses)
    {
        using var receiver = new Receiver();
        using var sender = new WebhookSender(Local with { AllowPrivate = false }, clock, (_, _) => Task.FromResult(addresses.Split(',').Select(IPAddress.Parse).ToArray()));
        var outcome = await sender.SendAsync(
            new DueDelivery(1, "msg_1", $"http://innocent.example.org:{receiver.Port.ToString(System.Globalization.CultureInfo.InvariantCulture)}/", WebhookSignature.NewSecret(), "x", "{}", 1), default);
        outcome.Error.ShouldNotBeNull().ShouldContain("not allowed");
        outcome.Final.ShouldBeTrue();
        receiver.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_was_added_where_it_was_allowed_is_still_checked_when_sent()
    {
        using var receiver = new Receiver();
        var (webhook, _) = tracker.Models.Webhooks.Add(receiver.Url, allowPrivate: true);
        (await tracker.Models.Webhooks.TestAsync(webhook.Id, Local with { AllowPrivate = false })).Error.ShouldNotBeNull().ShouldContain("not allowed");
        receiver.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("2606:4700::1111", true)]
    [InlineData("::ffff:8.8.8.8", true)]
    [InlineData("192.0.2.1", false)]
    [InlineData("2001:db8::1", false)]
    [InlineData("ff02::1", false)]
    public void Public_addresses_are_told_from_others(string address, bool isPublic) => PublicAddress.IsPublic(IPAddress.Parse(address)).ShouldBe(isPublic);

    [Fact]
    public void Wrong_calls_are_told()
    {
        Should.Throw<TrackingException>(() => tracker.Models.Webhooks.Add("https://example.org", ["version.promotet"])).Message.ShouldContain("version.promoted");
        Should.Throw<TrackingException>(() => tracker.Models.Webhooks.Remove("wh_0")).Message.ShouldContain("none of that id");
        var (webhook, secret) = tracker.Models.Webhooks.Add("https://example.org");
        webhook.ToString().ShouldNotContain(secret);
        tracker.Models.Webhooks.List().ShouldHaveSingleItem();
        tracker.Models.Webhooks.Remove(webhook.Id);
        tracker.Models.Webhooks.List().ShouldBeEmpty();
    }

    private Tracker Open() => Tracker.Open(folder.Store, new TrackerOptions { Actor = "rita", Time = clock });

    private void Register()
    {
        using var run = tracker.Experiment("e").StartRun("r");
        run.LogText("model.bin", "bytes");
        run.Finish();
        tracker.Models.Register("films", run.Id, "model.bin");
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
