package io.mailserver.spam;

import io.mailserver.mime.MessageOctets;
import io.mailserver.store.AccountMail;
import io.mailserver.store.EmailId;
import io.mailserver.store.Mailbox;
import io.mailserver.store.MailboxId;
import io.mailserver.store.MailboxInfo;
import io.mailserver.store.MessageContent;
import io.mailserver.store.MessageList;
import io.mailserver.store.SpecialUse;
import io.mailserver.store.StoreException;
import io.mailserver.store.UidSet;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One look at an account: which emails crossed the border of Junk since the last one. An email that came in elsewhere and lies in Junk
 * is junk to its owner; one that came into Junk and now lies elsewhere, but not in the Trash alone, is wanted. What crosses back is as
 * if it had never been moved. For one thread, used once.
 */
final class JunkPass {
    private final AccountMail mail;
    private final Set<MailboxId> changed;
    private final Lessons lessons;
    private final Pupil pupil;
    private int messagesLeft;
    private @Nullable Set<EmailId> inJunk;

    /** Learns, or takes back. */
    interface Pupil {
        Lessons.Lesson learn(MessageOctets message, boolean junk) throws IOException;

        void unlearn(MessageOctets message, Lessons.Lesson lesson) throws IOException;
    }

    /**
     * @param changed the mailboxes to look at
     * @param messages how many may be read
     */
    JunkPass(AccountMail mail, Set<MailboxId> changed, Lessons lessons, Pupil pupil, int messages) {
        this.mail = mail;
        this.changed = changed;
        this.lessons = lessons;
        this.pupil = pupil;
        this.messagesLeft = messages;
    }

    /** Whether all is done; if not, there is more for another pass. */
    boolean run() throws StoreException, IOException {
        Optional<MailboxInfo> junk = mail.mailboxes().find(SpecialUse.JUNK);
        if (junk.isEmpty()) {
            return true;
        }
        for (MailboxId id : changed) {
            Optional<MailboxInfo> mailbox = mail.mailboxes().find(id);
            if (mailbox.isEmpty()) {
                continue;
            }
            boolean done = id.equals(junk.get().id()) ? lookAtJunk(junk.get()) && lookForThoseThatLeft(junk.get())
                    : trash(mailbox.get()) || lookElsewhere(mailbox.get(), junk.get());
            if (!done) {
                return false;
            }
        }
        return true;
    }

    private static boolean trash(MailboxInfo mailbox) {
        return mailbox.use().equals(Optional.of(SpecialUse.TRASH));
    }

    private static boolean cameInto(EmailId email, MailboxInfo mailbox) {
        return email.number() >>> Integer.SIZE == Integer.toUnsignedLong(mailbox.uidValidity());
    }

    private boolean lookAtJunk(MailboxInfo junk) throws StoreException, IOException {
        return look(junk, (email, mailbox, uid) -> {
            Optional<Lessons.Lesson> known = lessons.of(email);
            if (cameInto(email, junk)) {
                if (known.filter(Lessons.Lesson::wanted).isPresent()) {
                    unlearn(email, mailbox, uid, known.get());
                }
            } else if (known.filter(lesson -> lesson != Lessons.Lesson.LEAVING).isEmpty()) {
                learn(email, mailbox, uid, true);
            }
        });
    }

    private boolean lookElsewhere(MailboxInfo other, MailboxInfo junk) throws StoreException, IOException {
        return look(other, (email, mailbox, uid) -> {
            Optional<Lessons.Lesson> known = lessons.of(email);
            if (cameInto(email, junk)) {
                if (known.filter(Lessons.Lesson::wanted).isEmpty()) {
                    if (emailsInJunk(junk).contains(email)) {
                        lessons.put(email, Lessons.Lesson.LEAVING);
                    } else {
                        learn(email, mailbox, uid, false);
                    }
                }
            } else if (known.filter(Lessons.Lesson::junk).isPresent() && !emailsInJunk(junk).contains(email)) {
                unlearn(email, mailbox, uid, known.get());
            }
        });
    }

    /** Looks at one message. */
    @FunctionalInterface
    private interface Look {
        void at(EmailId email, Mailbox mailbox, int uid) throws StoreException, IOException;
    }

    private boolean look(MailboxInfo info, Look look) throws StoreException, IOException {
        Mailbox mailbox = mail.mailbox(info.id());
        MessageList list = mailbox.messages();
        UidSet news = list.changedSince(lessons.lookedAt(info.id()));
        for (int range = 0; range < news.ranges(); range++) {
            int end = list.indexFrom(news.last(range) + 1);
            for (int index = list.indexFrom(news.first(range)); index < end; index++) {
                if (messagesLeft <= 0) {
                    return false;
                }
                look.at(list.emailId(index), mailbox, list.uid(index));
            }
        }
        lessons.lookedAt(info.id(), list.highestModSeq());
        return true;
    }

    /** Whose move ended with the expunge that made Junk change, and whose copy elsewhere was seen before or not at all. */
    private boolean lookForThoseThatLeft(MailboxInfo junk) throws StoreException, IOException {
        Set<EmailId> there = emailsInJunk(junk);
        List<EmailId> left = lessons.which(lesson -> lesson.junk() || lesson == Lessons.Lesson.LEAVING).stream()
                .filter(email -> !there.contains(email)).toList();
        if (left.isEmpty()) {
            return true;
        }
        Map<EmailId, Place> places = placesOf(Set.copyOf(left), junk);
        for (EmailId email : left) {
            if (messagesLeft <= 0) {
                return false;
            }
            Optional<Place> place = Optional.ofNullable(places.get(email));
            Lessons.Lesson lesson = lessons.of(email).orElse(Lessons.Lesson.LEAVING);
            if (lesson.junk()) {
                if (place.isPresent()) {
                    unlearn(email, place.get().mailbox(), place.get().uid(), lesson);
                } else {
                    lessons.put(email, Lessons.Lesson.JUNK_GONE);
                }
            } else {
                lessons.remove(email);
                if (place.isPresent()) {
                    learn(email, place.get().mailbox(), place.get().uid(), false);
                }
            }
        }
        return true;
    }

    private record Place(Mailbox mailbox, int uid) {}

    private Map<EmailId, Place> placesOf(Set<EmailId> wanted, MailboxInfo junk) throws StoreException {
        Map<EmailId, Place> places = new HashMap<>();
        for (MailboxInfo info : mail.mailboxes().all()) {
            if (info.id().equals(junk.id()) || trash(info)) {
                continue;
            }
            Mailbox mailbox = mail.mailbox(info.id());
            MessageList list = mailbox.messages();
            for (int i = 0; i < list.size(); i++) {
                EmailId email = list.emailId(i);
                if (wanted.contains(email)) {
                    places.put(email, new Place(mailbox, list.uid(i)));
                }
            }
        }
        return places;
    }

    private Set<EmailId> emailsInJunk(MailboxInfo junk) throws StoreException {
        Set<EmailId> known = inJunk;
        if (known == null) {
            known = new HashSet<>();
            MessageList list = mail.mailbox(junk.id()).messages();
            for (int i = 0; i < list.size(); i++) {
                known.add(list.emailId(i));
            }
            inJunk = known;
        }
        return known;
    }

    private void learn(EmailId email, Mailbox mailbox, int uid, boolean junk) throws StoreException, IOException {
        messagesLeft--;
        try (MessageContent content = mailbox.content(uid)) {
            lessons.put(email, pupil.learn(octets(content), junk));
        } catch (StoreException e) {
            ignoreExpunged(e);
        }
    }

    private void unlearn(EmailId email, Mailbox mailbox, int uid, Lessons.Lesson lesson) throws StoreException, IOException {
        messagesLeft--;
        try (MessageContent content = mailbox.content(uid)) {
            pupil.unlearn(octets(content), lesson);
            lessons.remove(email);
        } catch (StoreException e) {
            ignoreExpunged(e);
        }
    }

    /** What went meanwhile is nobody's lesson. */
    private static void ignoreExpunged(StoreException e) throws StoreException {
        if (e.reason() != StoreException.Cause.EXPUNGED) {
            throw e;
        }
    }

    private static MessageOctets octets(MessageContent content) {
        return offset -> content.open(offset, Math.max(0, content.size() - offset));
    }
}
