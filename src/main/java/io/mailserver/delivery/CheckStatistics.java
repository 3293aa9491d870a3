package io.mailserver.delivery;

import io.mailserver.metrics.LabelledCounter;
import io.mailserver.metrics.Metrics;

/** How messages of strangers were judged since the start; counted by any thread. */
public final class CheckStatistics {
    private final LabelledCounter results;
    private final LabelledCounter verdicts;

    /** Registers its figures; once for each {@code metrics}. */
    public CheckStatistics(Metrics metrics) {
        results = metrics.counters("checks", "Results of the checks of mail from other servers.", "method", "result");
        verdicts = metrics.counters("verdicts", "What became of mail from other servers, and by which rule.", "verdict", "rule");
    }

    void count(Judgement judgement) {
        Evidence evidence = judgement.evidence();
        results.increment("spf", evidence.spfMailFrom().verdict().word());
        results.increment("dkim", evidence.dkimOverall().word());
        results.increment("dmarc", evidence.dmarc().verdict().word());
        results.increment("arc", evidence.arc().status().word());
        results.increment("helo", evidence.helo().verdict().word());
        evidence.iprev().ifPresent(result -> results.increment("iprev", result.verdict().word()));
        verdicts.increment(judgement.overall().word(), judgement.overall().rule());
    }

    /** What was counted of a method's result so far. */
    public long count(String method, String result) {
        return results.count(method, result);
    }
}
