package io.mailserver.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailserver.store.Flag;
import io.mailserver.store.MessageList;
import io.mailserver.store.StoreException;
import io.mailserver.store.ThreadId;
import io.mailserver.store.UidSet;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MailboxSearchTest {
    private final MemoryMailbox mailbox = new MemoryMailbox()
            .add("From: Anna <anna@example.org>\nTo: bob@example.net\nSubject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?= from Berlin\n"
                    + "Date: Mon, 5 Jan 1970 23:30:00 -0500\nX-Odd: strange thing\n\nHello World\n", MessageList.SEEN)
            .add("From: bob@example.net\nTo: Anna\n <anna@example.org>\nSubject: Re: budget\nContent-Type: multipart/mixed; boundary=b\n\n"
                    + "--b\nContent-Type: text/html\n\n<p>The <b>quin</b>tessence &amp; more</p>\n--b\n"
                    + "Content-Type: application/pdf; name=\"Plan.pdf\"\n"
                    + "Content-Transfer-Encoding: base64\n\nSGVsbG8=\n--b--\n", MessageList.FLAGGED | 1 << MessageList.FIRST_KEYWORD)
            .add("From: carol@example.com\nSubject: empty\nX-Odd:\n\n", MessageList.SEEN | MessageList.DELETED);

    private static List<Integer> find(MemoryMailbox mailbox, SearchIndex index, Query query) throws StoreException, IOException {
        UidSet found = new MailboxSearch(mailbox, mailbox.messages(), index, MailboxSearch.Progress.NONE).find(query);
        List<Integer> uids = new ArrayList<>();
        found.forEach(uids::add);
        return uids;
    }

    private List<Integer> find(Query query) throws StoreException, IOException {
        return find(mailbox, SearchIndex.NONE, query);
    }

    private static Query and(Query... parts) {
        return new Query.And(List.of(parts));
    }

    private static Query or(Query... parts) {
        return new Query.Or(List.of(parts));
    }

    private static Query not(Query part) {
        return new Query.Not(part);
    }

    @Test
    void whatTheListKnows() throws Exception {
        assertThat(find(new Query.All())).containsExactly(1, 2, 3);
        assertThat(find(new Query.HasFlag(Flag.SEEN))).containsExactly(1, 3);
        assertThat(find(new Query.HasFlag(new Flag("$one")))).containsExactly(2);
        assertThat(find(new Query.HasFlag(new Flag("$unknown")))).isEmpty();
        assertThat(find(not(new Query.HasFlag(Flag.SEEN)))).containsExactly(2);
        assertThat(find(new Query.Uids(UidSet.range(2, 9)))).containsExactly(2, 3);
        assertThat(find(new Query.Larger(mailbox.octets(1).length - 1))).contains(1, 2).doesNotContain(3);
        assertThat(find(new Query.Smaller(mailbox.octets(1).length))).containsExactly(3);
        assertThat(find(new Query.ModSeq(20))).containsExactly(2, 3);
        assertThat(find(new Query.Internal(Instant.ofEpochSecond(2 * 86_400), null))).containsExactly(2, 3);
        assertThat(find(new Query.Internal(null, Instant.ofEpochSecond(2 * 86_400)))).containsExactly(1);
        assertThat(find(new Query.Email("e2"))).containsExactly(2);
        assertThat(find(and())).containsExactly(1, 2, 3);
        assertThat(find(or())).isEmpty();
        assertThat(mailbox.rowsRead).isZero();
    }

    @Test
    void whatRowsKnow() throws Exception {
        assertThat(find(new Query.Header("From", "ANNA"))).containsExactly(1);
        assertThat(find(new Query.Header("to", "anna <anna@"))).containsExactly(2);
        assertThat(find(new Query.Header("Subject", "grüße FROM"))).containsExactly(1);
        assertThat(find(new Query.Header("Subject", "grußE"))).isEmpty();
        assertThat(find(new Query.Header("Subject", "utf-8"))).isEmpty();
        assertThat(find(new Query.Header("Cc", ""))).isEmpty();
        assertThat(find(new Query.Header("Date", ""))).containsExactly(1);
        assertThat(find(new Query.Sent(LocalDate.of(1970, 1, 5), LocalDate.of(1970, 1, 6)))).containsExactly(1);
        assertThat(find(new Query.Sent(null, LocalDate.of(1970, 1, 4)))).containsExactly(2);
        assertThat(find(new Query.Saved(Instant.ofEpochSecond(1_000), null))).containsExactly(2, 3);
        assertThat(find(new Query.InThread(new ThreadId(0).toString()))).containsExactly(1, 2);
        assertThat(mailbox.contentsRead).isZero();
    }

    @Test
    void onePassOverRowsForSeveralConditions() throws Exception {
        assertThat(find(and(new Query.HasFlag(Flag.SEEN), or(new Query.Header("From", "anna"), new Query.Header("Subject", "empty")),
                not(new Query.Header("To", "x@"))))).containsExactly(1, 3);
        assertThat(mailbox.rowsRead).isEqualTo(2);
    }

    @Test
    void texts() throws Exception {
        assertThat(find(new Query.Body("hello world"))).containsExactly(1);
        assertThat(find(new Query.Body("QUINTESSENCE & m"))).containsExactly(2);
        assertThat(find(new Query.Body("plan.PDF"))).containsExactly(2);
        assertThat(find(new Query.Body("SGVsbG8"))).isEmpty();
        assertThat(find(new Query.Body("berlin"))).isEmpty();
        assertThat(find(new Query.Text("berlin"))).containsExactly(1);
        assertThat(find(new Query.Text("subject: re"))).containsExactly(2);
        assertThat(find(new Query.Text("l"))).containsExactly(1, 2, 3);
        assertThat(find(new Query.Text(""))).containsExactly(1, 2, 3);
        assertThat(find(new Query.Header("x-odd", "strange THING"))).containsExactly(1);
        assertThat(find(new Query.Header("x-odd", "odd"))).isEmpty();
        assertThat(find(new Query.Header("x-odd", ""))).containsExactly(1, 3);
        assertThat(find(new Query.Header("x-od", ""))).isEmpty();
    }

    @Test
    void textsAreLookedForAmongWhatIsLeft() throws Exception {
        assertThat(find(and(new Query.Body("hello"), new Query.HasFlag(Flag.SEEN), new Query.Header("From", "anna")))).containsExactly(1);
        assertThat(mailbox.contentsRead).isEqualTo(1);
        mailbox.contentsRead = 0;
        assertThat(find(or(new Query.HasFlag(Flag.SEEN), new Query.Body("quin"), new Query.Body("nothing")))).containsExactly(1, 2, 3);
        assertThat(mailbox.contentsRead).isEqualTo(1);
        assertThat(find(not(or(new Query.Body("hello"), and(new Query.Body("quin"), not(new Query.HasFlag(Flag.SEEN)))))))
                .containsExactly(3);
        assertThat(find(and(not(new Query.Text("hello")), not(new Query.Text("quin"))))).containsExactly(3);
    }

    @Test
    void theAskerMayEndIt() {
        MailboxSearch search = new MailboxSearch(mailbox, mailbox.messages(), SearchIndex.NONE, (done, total) -> done < 2 && total == 3);
        assertThatThrownBy(() -> search.find(new Query.Body("x"))).isInstanceOf(InterruptedIOException.class);
    }

    @Test
    void theIndexAnswersForWhatItHas() throws Exception {
        MemoryMailbox large = new MemoryMailbox();
        for (int i = 1; i <= 40; i++) {
            large.add("Subject: s" + i + "\n\nbody " + i + "\n");
        }
        SearchIndex half = (wanted, terms, found) -> {
            for (long email : wanted) {
                if (email <= 20) {
                    terms.begin();
                    byte[] body = UnicodeCasemap.octets("indexed " + email);
                    terms.body(body, 0, body.length);
                    found.found(email, terms);
                }
            }
        };
        assertThat(find(large, half, new Query.Body("7"))).containsExactly(7, 17, 27, 37);
        assertThat(large.contentsRead).isEqualTo(20);
        assertThat(find(large, half, new Query.Body("indexed"))).hasSize(20);
    }
}
