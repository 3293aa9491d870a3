package io.mailserver.web;

import io.mailserver.base.Domain;
import io.mailserver.net.HttpMount;
import io.mailserver.net.TextRoutes;
import io.mailserver.net.TextRoutes.Answer;
import io.mailserver.net.TextRoutes.Route;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Fields;
import org.jspecify.annotations.Nullable;

/**
 * What mail programs set themselves up by: Thunderbird's autoconfiguration, Outlook's Autodiscover (plain XML), Apple's profiles; and the
 * MTA-STS policy that other mail servers ask for (RFC 8461 §3.3). Only domains are looked at, never whether an address exists: whoever
 * asks learns nothing of our users. Safe for use by any thread.
 */
public final class MailSettings {
    private static final long MAX_BODY_OCTETS = 16 << 10;
    private static final int MAX_ADDRESS = 320;
    private static final String XML = "text/xml;charset=utf-8";
    private static final String APPLE = "application/x-apple-aspen-config";
    private static final String AUTOCONFIG = "autoconfig.";
    private static final String STS = "mta-sts.";
    private static final List<String> AUTODISCOVER = List.of("/autodiscover", "/Autodiscover", "/AutoDiscover");

    private final Supplier<MailServices> services;
    private final OurDomains domains;
    private final Supplier<Optional<String>> policy;

    /** Which domains are ours. */
    @FunctionalInterface
    public interface OurDomains {
        boolean contains(Domain domain) throws IOException;
    }

    /**
     * @param services as they are now
     * @param policy the text of every domain's MTA-STS policy; empty: none is published
     */
    public MailSettings(Supplier<MailServices> services, OurDomains domains, Supplier<Optional<String>> policy) {
        this.services = services;
        this.domains = domains;
        this.policy = policy;
    }

    /** To be mounted wherever people and programs come. */
    public List<HttpMount> mounts() {
        List<Route> routes = new ArrayList<>(List.of(
                new Route(HttpMethod.GET, "/.well-known/autoconfig/mail/config-v1.1.xml", this::autoconfig),
                new Route(HttpMethod.GET, "/mail/config-v1.1.xml", this::autoconfig),
                new Route(HttpMethod.GET, "/apple.mobileconfig", this::profile),
                new Route(HttpMethod.GET, "/.well-known/mta-sts.txt", this::policy)));
        for (String prefix : AUTODISCOVER) {
            for (String file : List.of("/autodiscover.xml", "/Autodiscover.xml")) {
                routes.add(new Route(HttpMethod.POST, prefix + file, this::autodiscover));
                routes.add(new Route(HttpMethod.GET, prefix + file, this::autodiscover));
            }
        }
        TextRoutes handler = new TextRoutes(routes);
        List<String> prefixes = new ArrayList<>(List.of(
                "/.well-known/autoconfig", "/mail/config-v1.1.xml", "/apple.mobileconfig", "/.well-known/mta-sts.txt"));
        prefixes.addAll(AUTODISCOVER);
        return prefixes.stream().map(prefix -> new HttpMount(prefix, MAX_BODY_OCTETS, handler)).toList();
    }

    private Answer autoconfig(Request request, Response response) throws IOException {
        Optional<Domain> domain = parameter(request, "emailaddress")
                .map(MailSettings::domainOf)
                .orElseGet(() -> host(request, AUTOCONFIG).or(() -> host(request, "")));
        return ours(domain) ? new Answer(200, XML, SettingsXml.autoconfig(domain.orElseThrow(), services.get())) : unknown();
    }

    private Answer profile(Request request, Response response) throws IOException {
        Optional<String> address = parameter(request, "email");
        if (address.isEmpty() || !ours(domainOf(address.get()))) {
            return unknown();
        }
        response.getHeaders().put("Content-Disposition", "attachment; filename=\"mail.mobileconfig\"");
        return new Answer(200, APPLE, SettingsXml.profile(address.get(), domainOf(address.get()).orElseThrow(), services.get()));
    }

    private Answer autodiscover(Request request, Response response) throws IOException {
        Optional<String> address = HttpMethod.POST.is(request.getMethod())
                ? SettingsXml.askedAddress(Content.Source.asString(request))
                : parameter(request, "email");
        Optional<Domain> domain = address.flatMap(MailSettings::domainOf);
        return ours(domain) ? new Answer(200, XML, SettingsXml.autodiscover(address.orElseThrow(), services.get())) : unknown();
    }

    private Answer policy(Request request, Response response) throws IOException {
        Optional<String> text = policy.get();
        return text.isPresent() && ours(host(request, STS)) ? Answer.text(200, text.get()) : unknown();
    }

    private boolean ours(Optional<Domain> domain) throws IOException {
        return domain.isPresent() && domains.contains(domain.get());
    }

    private static Answer unknown() {
        return Answer.text(404, "Not found\n");
    }

    /** The domain below a prefix, from the host that was asked. */
    private static Optional<Domain> host(Request request, String prefix) {
        @Nullable String host = Request.getServerName(request);
        String name = host == null ? "" : host.toLowerCase(Locale.ROOT);
        return Domain.parse(name.startsWith(prefix) ? name.substring(prefix.length()) : "");
    }

    private static Optional<String> parameter(Request request, String name) {
        Fields fields = Request.extractQueryParameters(request);
        @Nullable String value = fields.getValue(name);
        return Optional.ofNullable(value).filter(text -> !text.isEmpty() && text.length() <= MAX_ADDRESS);
    }

    private static Optional<Domain> domainOf(String address) {
        return address.length() > MAX_ADDRESS || address.chars().anyMatch(Character::isISOControl)
                ? Optional.empty()
                : Domain.parse(address.substring(address.lastIndexOf('@') + 1));
    }
}
