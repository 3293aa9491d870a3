package io.mailserver.app;

import io.mailserver.account.DkimRotation;
import io.mailserver.account.LoginLimits;
import io.mailserver.account.MailDomain;
import io.mailserver.admin.AccountRemoval;
import io.mailserver.admin.ControlSocket;
import io.mailserver.admin.HttpEndpoints;
import io.mailserver.admin.Operations;
import io.mailserver.admin.ServerStatus;
import io.mailserver.base.Domain;
import io.mailserver.base.OperatorException;
import io.mailserver.base.PlatformPool;
import io.mailserver.base.Time;
import io.mailserver.config.Config;
import io.mailserver.config.ConfigTemplate;
import io.mailserver.dmarc.ReportDestinations;
import io.mailserver.dns.CachingResolver;
import io.mailserver.dns.Resolver;
import io.mailserver.doctor.DomainRecords;
import io.mailserver.doctor.RecordTexts;
import io.mailserver.log.RecentErrors;
import io.mailserver.log.ServerLog;
import io.mailserver.log.Trace;
import io.mailserver.metrics.Metrics;
import io.mailserver.net.ConnectionLimits;
import io.mailserver.net.HttpMount;
import io.mailserver.mtasts.OwnPolicy;
import io.mailserver.net.Reaper;
import io.mailserver.reports.AggregateCounts;
import io.mailserver.reports.ReportSending;
import io.mailserver.reports.TlsCounts;
import io.mailserver.reports.TlsReportSending;
import io.mailserver.web.LinkEndpoints;
import io.mailserver.web.LoginEndpoints;
import io.mailserver.web.MailSettings;
import io.mailserver.web.Webmail;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The way up of a server, once: what must be done as root comes first (TLS keys, ports), then root is given up, then the data is
 * opened. Whatever fails, all that was opened is closed again.
 */
final class Startup {
    private static final Duration FIRST_PURGE = Duration.ofMinutes(1);
    private static final Duration PURGE_INTERVAL = Duration.ofHours(6);
    private static final Duration COUNTS_INTERVAL = Duration.ofMinutes(1);
    private static final Duration SENT_INTERVAL = Duration.ofSeconds(5);
    private static final Duration REPORTS_INTERVAL = Duration.ofMinutes(30);
    private static final Duration FIRST_ROTATION = Duration.ofSeconds(5);
    private static final Duration ROTATION_INTERVAL = Duration.ofSeconds(30);
    private static final int FILE_THREADS = 32;
    private static final int FILE_QUEUE = 10_000;
    private static final String TRACE = "trace";
    private static final Domain LOCALHOST = new Domain("localhost");

    private final ServerOptions options;
    private final Locations locations;
    private final ServerLog written;
    private final RecentErrors log;
    private final Time time;
    private final SecureRandom random = new SecureRandom();
    private final Reports reports;
    private final CloseStack open;
    private final List<ServerStatus.Warning> warnings = new ArrayList<>();

    Startup(ServerOptions options, ServerLog written, Time time) {
        this.options = options;
        this.locations = options.locations();
        this.written = written;
        this.log = new RecentErrors(written, time);
        this.time = time;
        this.reports = new Reports(log);
        this.open = new CloseStack(log);
    }

    Server run() {
        boolean up = false;
        try {
            Server server = start();
            up = true;
            return server;
        } catch (IOException e) {
            throw new OperatorException("cannot start: " + e.getMessage(), "look at the disk and at who owns " + locations.data(), e);
        } finally {
            if (!up) {
                open.close();
            }
        }
    }

    private Server start() throws IOException {
        Config config = locations.config();
        makeFiles();
        DataLock lock = DataLock.take(locations.data(), options.command(), time);
        DataFolder data = open.add(DataFolder.open(locations.data(), lock, LoginLimits.of(config.auth()), random, time, log));
        Domain hostname = hostname(config, data);
        Certificates certificates = certificates(config, hostname);
        ConnectionLimits limits = new ConnectionLimits(CurrentConfig.limits(config.limits()), time);
        Listeners listeners = open.add(Listeners.bind(config.listeners(), certificates.tls(), new Reaper(time), limits, log));
        Metrics metrics = new Metrics();
        HttpEndpoints endpoints = new HttpEndpoints(metrics);
        HttpDoors http = open.add(HttpDoors.bind(config.listeners(), certificates.tls(), limits, time, log));
        becomeServiceUser(config);
        CurrentConfig current = new CurrentConfig(config, limits);
        PlatformPool files = open.add(new PlatformPool("files", FILE_THREADS, FILE_QUEUE));
        Storage storage = open.add(Storage.over(data, files, hostname.ascii(), config.storage().folders(), random, time, log));
        Trace trace = new Trace(locations.data().resolve(TRACE), time, log);
        CachingResolver resolver = Dns.resolver(config.dns(), time, this::warn);
        Sending sending = open.add(Sending.open(
                new Sending.Parts(data, files, current, hostname, resolver, countTls(data), random, time, log)));
        open.add(sending::writeCounts);
        open.add(new Repeating(time, SENT_INTERVAL, sending::writeCounts)).start(SENT_INTERVAL);
        AggregateCounts counts = countForReports(data);
        SpamFiltering spam = open.add(SpamFiltering.over(
                new SpamFiltering.Parts(data, files, storage.store(), current, resolver, time, log)));
        MailFlow flow = MailFlow.over(new MailFlow.Parts(data, files, storage, trace, current, hostname.ascii(), resolver, spam, sending,
                counts::count, metrics, random, time, log));
        metrics.gauge("dns_cache_bytes", "Memory of kept DNS answers.", resolver::cacheOctets);
        Challenges challenges = new Challenges(certificates.tls());
        AutomaticCertificates automatic = automatic(data, certificates, challenges, current, hostname, resolver);
        Server server = new Server(new Server.Parts(locations, current, hostname.ascii(), data, listeners, http, endpoints, certificates,
                automatic, warnings, log::summary, open, written, time));
        Operations operations = new Operations(
                new Operations.Parts(data.accounts(), data.folders(), storage.store(), files, trace, server,
                        () -> DnsFacts.of(hostname.ascii(), listeners.all(), current.get()), () -> sending.queue().admin(), spam::learning,
                        () -> current.get().sending(), random, time), log);
        open.add(ControlSocket.open(locations.data(), operations, time, log));
        rotateKeysFromTimeToTime(new DkimRotation(data.accounts(), resolver, time, log));
        purgeFromTimeToTime(new AccountRemoval(data.accounts().accounts(), data.folders(), files, time));
        measure(metrics, data, files, listeners, certificates, flow);
        storage.measure(metrics);
        sending.start(flow.localDelivery());
        sendReportsFromTimeToTime(data, sending, resolver, current, hostname);
        sending.measure(metrics);
        spam.measure(metrics);
        endpoints.ready(checks(data));
        MailByJmap jmap = open.add(MailByJmap.over(data, storage, flow.spool(), current, time, log));
        jmap.offer(flow.sending(sending.queue()::admin, () -> current.get().smtp(), sending::returned));
        jmap.offerOwners(hostname.ascii(), random);
        List<HttpMount> offered = new ArrayList<>(offered(data, hostname, listeners, current));
        offered.addAll(jmap.mounts());
        http.start(endpoints.mounts(), List.of(challenges.mount()), offered);
        automatic.start();
        // Its password is shown once, so nothing that could keep this start from showing it may come after.
        Optional<FirstDomain.Postmaster> postmaster =
                options.domain().flatMap(domain -> FirstDomain.make(domain, data.accounts(), random));
        listeners.start(listener -> flow.sessions(listener, hostname.ascii(), certificates.tls(), current));
        report(data, server, listeners, postmaster, hostname, config);
        return server;
    }

    private void warn(ServerStatus.Warning warning) {
        reports.note(warning.toString());
        warnings.add(warning);
    }

    private void makeFiles() {
        if (DataFolder.make(locations.data())) {
            reports.made("data folder", locations.data());
        }
        if (Files.notExists(locations.configFile())) {
            ConfigTemplate.write(locations.configFile());
            reports.made("configuration", locations.configFile());
        }
    }

    private void becomeServiceUser(Config config) {
        if (!options.ownsProcess()) {
            return;
        }
        ServiceUser.become(config.user(), locations.data(), reports::note).ifPresent(this::warn);
    }

    private Certificates certificates(Config config, Domain hostname) {
        Path own = Certificates.ownFile(locations.data());
        boolean wasThere = Files.exists(own);
        Certificates certificates = open.add(Certificates.load(config.tls(), locations.data(), hostname, time, log));
        if (!wasThere && Files.exists(own)) {
            reports.made("self-signed certificate", own);
        }
        return certificates;
    }

    /** The configured name, else mail. and the first domain. */
    private Domain hostname(Config config, DataFolder data) throws IOException {
        Optional<Domain> configured = config.hostname();
        if (configured.isPresent()) {
            return configured.get();
        }
        Optional<Domain> first = data.accounts().domains().first().map(MailDomain::name).or(options::domain);
        if (first.isPresent()) {
            return new Domain("mail." + first.get());
        }
        reports.note("no domain yet: ./mailserver domain add example.com, and set hostname in " + locations.configFile());
        return LOCALHOST;
    }

    private AggregateCounts countForReports(DataFolder data) {
        AggregateCounts counts = new AggregateCounts(data.accounts().reports(), time, log);
        open.add(counts::write);
        open.add(new Repeating(time, COUNTS_INTERVAL, counts::write)).start(COUNTS_INTERVAL);
        open.add(new Repeating(time, PURGE_INTERVAL, counts::prune)).start(FIRST_PURGE);
        return counts;
    }

    private TlsCounts countTls(DataFolder data) {
        TlsCounts counts = new TlsCounts(data.accounts().reports(), time, log);
        open.add(counts::write);
        open.add(new Repeating(time, COUNTS_INTERVAL, counts::write)).start(COUNTS_INTERVAL);
        return counts;
    }

    private void sendReportsFromTimeToTime(
            DataFolder data, Sending sending, CachingResolver resolver, CurrentConfig current, Domain hostname) {
        ReportSending.Parts parts = new ReportSending.Parts(
                data.accounts().reports(), data.accounts().domains(), new ReportDestinations(resolver), sending, hostname,
                "mailserver " + Version.TEXT, () -> current.get().checks().sendReports(), time, log);
        open.add(new Repeating(time, REPORTS_INTERVAL, new ReportSending(parts)::step)).start(REPORTS_INTERVAL);
        open.add(new Repeating(time, REPORTS_INTERVAL, new TlsReportSending(parts, resolver, sending::post)::step)).start(REPORTS_INTERVAL);
    }

    private void rotateKeysFromTimeToTime(DkimRotation rotation) {
        open.add(new Repeating(time, ROTATION_INTERVAL, rotation::step)).start(FIRST_ROTATION);
    }

    private void purgeFromTimeToTime(AccountRemoval removal) {
        Repeating purge = new Repeating(time, PURGE_INTERVAL, () -> {
            try {
                for (Path folder : removal.purge()) {
                    log.info("account.purged", "path", folder);
                }
            } catch (IOException e) {
                log.error("account.purge-failed", e);
            }
        });
        open.add(purge).start(FIRST_PURGE);
    }

    private static void measure(
            Metrics metrics, DataFolder data, PlatformPool files, Listeners listeners, Certificates certificates, MailFlow flow) {
        data.accounts().measure(metrics);
        flow.measure(metrics);
        listeners.measure(metrics);
        certificates.measure(metrics);
        metrics.gauge("file_work_waiting", "File work that waits for a thread.", files::waiting);
        metrics.gauge("file_work_running", "File work under way.", files::running);
        metrics.counter("file_work_refused", "File work refused because too much waited.", files::refusals);
    }

    private AutomaticCertificates automatic(
            DataFolder data, Certificates certificates, Challenges challenges, CurrentConfig current, Domain hostname, Resolver resolver) {
        return open.add(new AutomaticCertificates(new AutomaticCertificates.Parts(
                certificates.folder(), current, hostname,
                () -> data.accounts().domains().list().stream().map(MailDomain::name).toList(),
                new NamesHere(resolver)::pointsHere, challenges, () -> certificates.change(current.get().tls()), time, log)));
    }

    /** What users are offered by HTTP. */
    private List<HttpMount> offered(DataFolder data, Domain hostname, Listeners listeners, CurrentConfig current) {
        MailSettings settings = new MailSettings(
                () -> listeners.forUsers(hostname),
                domain -> data.accounts().domains().find(domain).isPresent(),
                () -> DnsFacts.policy(current.get(), hostname).map(OwnPolicy::text));
        List<HttpMount> mounts = new ArrayList<>(settings.mounts());
        mounts.add(new LoginEndpoints(data.accounts().accessTokens(), data.accounts().requestLogin()).mount());
        mounts.add(new LinkEndpoints(data.accounts().links()).mount());
        Webmail.bundled().map(Webmail::mount).ifPresentOrElse(
                mounts::add, () -> log.warn("webmail.missing", "hint", "it was built where there is no esbuild: docs/webmail.md"));
        return mounts;
    }

    private static List<HttpEndpoints.Check> checks(DataFolder data) {
        return List.of(new HttpEndpoints.Check(
                "database", () -> data.accounts().answers() ? Optional.empty() : Optional.of("does not answer")));
    }

    private static List<String> recordsToPublish(
            DataFolder data, Domain domain, Domain hostname, Listeners listeners, Config config) {
        try {
            return RecordTexts.zoneFile(DomainRecords.of(
                    domain, DnsFacts.of(hostname.ascii(), listeners.all(), config), data.accounts().dkimKeys().list(domain)));
        } catch (IOException e) {
            throw new OperatorException("cannot read the keys of " + domain + ": " + e.getMessage(), "look at the disk", e);
        }
    }

    private void report(
            DataFolder data, Server server, Listeners listeners, Optional<FirstDomain.Postmaster> postmaster, Domain hostname,
            Config config) {
        server.listeners().forEach(each -> reports.listening(each.name(), each.port()));
        postmaster.ifPresent(made -> {
            options.secrets().accept("[FIRST] account " + made.account().address() + " has the password " + made.password()
                    + " (shown only now)");
            Domain domain = made.account().domain();
            reports.firstSteps(domain, hostname, recordsToPublish(data, domain, hostname, listeners, config), listeners.all());
        });
        reports.ready();
    }
}
