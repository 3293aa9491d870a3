package io.mailserver.mime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Dates, base subjects, message ids. */
class HeaderValuesTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        // RFC 5322, appendix A
        "Fri, 21 Nov 1997 09:55:06 -0600 | 1997-11-21T09:55:06-06:00",
        "21 Nov 97 09:55:06 GMT | 1997-11-21T09:55:06Z",
        "Thu,\t13\t  Feb\t    1969\t 23:32\t\t\t  -0330 (Newfoundland Time) | 1969-02-13T23:32-03:30",
        "Fri, 21 Nov 1997 09(comment):   55  :  06 -0600 | 1997-11-21T09:55:06-06:00",
        "Tue, 1 Jul 2003 10:52:37 +0200 | 2003-07-01T10:52:37+02:00",
        // RFC 5322 §4.3
        "1 Jan 49 00:00 EST | 2049-01-01T00:00-05:00",
        "1 Jan 50 00:00 PDT | 1950-01-01T00:00-07:00",
        "1 Jan 103 00:00 Z | 2003-01-01T00:00Z",
        // What else is met
        "Sat Nov 22 08:17:28 2025 | 2025-11-22T08:17:28Z",
        "Sat Nov 22 08:17:28 UTC 2025 | 2025-11-22T08:17:28Z",
        "22-Nov-2025 08:17:28 +01:00 | 2025-11-22T08:17:28+01:00",
        "Wed, 3 September 2025 8:05 PM | 2025-09-03T08:05Z",
        "31 Feb 2025 10:00:60 +0000 | 2025-02-28T10:00:59Z",
        "22 Nov 2025 | 2025-11-22T00:00Z",
        "22 Nov 2025 10:00:00 +9999 | 2025-11-22T10:00Z",
        "22 Nov 2025 10:00:00+0130 | 2025-11-22T10:00+01:30",
    })
    void dates(String value, String expected) {
        assertThat(DateTimeText.parse(value).map(Object::toString)).contains(expected);
    }

    @ParameterizedTest
    @CsvSource({"''", "yesterday", "32 Jan 2025 10:00:00", "1 Jan 2025 25:00:00", "10:00:00 +0000", "99999999999 Jan 1"})
    void noDates(String value) {
        assertThat(DateTimeText.parse(value)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "Hello | Hello | false",
        "Re: Hello | Hello | true",
        "RE:Re: fwd: FW : Hello (fwd) (FWD)  | Hello | true",
        "Re [2]: Hello | Hello | true",
        "[list] Re: [list] Hello | Hello | true",
        "[list] Hello | Hello | false",
        "[a] [b] Hello | Hello | false",
        "[only] | [only] | false",
        "[a] [only] | [only] | false",
        "[fwd: Re: Hello] | Hello | true",
        "[Fwd: [Fwd: deep] (fwd)] | deep | true",
        "Re:   spaced \t  out | spaced out | true",
        "Re: | '' | true",
        "Reply to this | Reply to this | false",
        "Re Hello | Re Hello | false",
        "[open Re: x | [open Re: x | false",
        "AW: Hallo | AW: Hallo | false",
        "[[a]] x | [[a]] x | false",
    })
    void baseSubjects(String subject, String base, boolean replyOrForward) {
        assertThat(BaseSubject.of(subject)).isEqualTo(new BaseSubject(base, replyOrForward));
    }

    @Test
    void baseSubjectsOfHostileLengthTakeLinearTime() {
        assertThat(BaseSubject.of("[x]".repeat(300_000)).text()).isEqualTo("[x]");
        assertThat(BaseSubject.of("Re: ".repeat(300_000) + "x").text()).isEqualTo("x");
        assertThat(BaseSubject.of("[fwd:".repeat(100_000) + "]".repeat(100_000)).text()).isEmpty();
        assertThat(BaseSubject.of("(fwd)".repeat(100_000)).text()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "<1234@local.machine.example> <3456@example.net> | <1234@local.machine.example>,<3456@example.net>",
        "Your message of Friday <a@b> (comment <c@d>) | <a@b>,<c@d>",
        "<\"01KF8JCEOCBS0045PS\"@xxx.yyy.com> | <01KF8JCEOCBS0045PS@xxx.yyy.com>",
        "<folded @ id> | <folded@id>",
        "<a<b@c> | <b@c>",
        "<> <x | ''",
        "none | ''",
    })
    void messageIds(String value, String expected) {
        assertThat(String.join(",", MessageIds.parse(value))).isEqualTo(expected);
    }
}
