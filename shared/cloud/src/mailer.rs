//! Sends mail through SES v2.

use aws_sdk_sesv2::Client;
use aws_sdk_sesv2::error::{ProvideErrorMetadata as _, SdkError};
use aws_sdk_sesv2::operation::send_email::SendEmailError;
use aws_sdk_sesv2::types::{Body, Content, Destination, EmailContent, Message, MessageHeader, MessageTag};
use binding::unavailable::Unavailable;

use crate::aws::{Aws, unavailable};
use crate::env::{BadVariable, Env};
use crate::mail_tags::MailTags;

/// Headers of every mail. Automatic responders do not reply to automatic mail (RFC 3834 §5), and Exchange sends no
/// receipts and no out-of-office replies ([MS-OXCMAIL] §2.2.3.2.14). Non-delivery reports (`NDR`) stay enabled, because
/// they become bounces.
const HEADERS: [(&str, &str); 2] =
    [("Auto-Submitted", "auto-generated"), ("X-Auto-Response-Suppress", "DR, RN, NRN, OOF, AutoReply")];

/// Sends mail from one address.
#[derive(Clone, Debug)]
pub struct Mailer {
    client: Client,
    sender: String,
    configuration_set: Option<String>,
}

/// A mail to one person.
#[derive(Clone, Debug)]
pub struct Mail<'a> {
    /// The recipient's address.
    pub to: &'a str,
    /// The sender's display name.
    pub from_name: &'a str,
    /// The `Reply-To` address, if it is not the sender's.
    pub reply_to: Option<&'a str>,
    /// The subject.
    pub subject: &'a str,
    /// The plain text part.
    pub text: &'a str,
    /// The HTML part.
    pub html: &'a str,
    /// What the mail is about. SES returns it with its events; events of a mail without it are ignored.
    pub tags: Option<&'a MailTags>,
}

/// The result of sending a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sent {
    /// SES accepted it.
    Accepted {
        /// SES's message id.
        message_id: String,
    },
    /// SES rejects this mail permanently, because of its recipient or its content.
    Undeliverable {
        /// The service's error code.
        reason: String,
    },
    /// SES does not let this account send, to this recipient or at all: it is in the sandbox, an identity is not
    /// verified, or sending is paused or suspended. The mail can be sent once the operator has fixed that.
    NotAllowed {
        /// The service's error code.
        reason: String,
    },
}

impl Mailer {
    /// Reads `SENDER_ADDRESS` and `EMAIL_CONFIGURATION_SET`.
    ///
    /// # Errors
    /// [`BadVariable`] when there is no sender.
    pub fn new(aws: &Aws, env: &Env) -> Result<Self, BadVariable> {
        let sender = env.require("SENDER_ADDRESS")?.to_owned();
        let configuration_set = env.get("EMAIL_CONFIGURATION_SET").map(str::to_owned);
        Ok(Self { client: aws.sesv2(), sender, configuration_set })
    }

    /// Sends a mail.
    ///
    /// # Errors
    /// [`Unavailable`] when a retry may succeed.
    pub async fn send(&self, mail: &Mail<'_>) -> Result<Sent, Unavailable> {
        let content = |text: &str| {
            let content = Content::builder().charset("UTF-8").data(text).build();
            content.map_err(|error| unavailable("sesv2", &error))
        };
        let body = Body::builder().text(content(mail.text)?).html(content(mail.html)?).build();
        let headers = HEADERS.map(|(name, value)| MessageHeader::builder().name(name).value(value).build());
        let headers =
            headers.into_iter().collect::<Result<Vec<_>, _>>().map_err(|error| unavailable("sesv2", &error))?;
        let message = Message::builder().subject(content(mail.subject)?).body(body).set_headers(Some(headers)).build();
        let tags = mail.tags.map(MailTags::to_tags);
        let tags =
            tags.into_iter().flatten().map(|(name, value)| MessageTag::builder().name(name).value(value).build());
        let tags = tags.collect::<Result<Vec<_>, _>>().map_err(|error| unavailable("sesv2", &error))?;
        let outcome = self
            .client
            .send_email()
            .from_email_address(mailbox(mail.from_name, &self.sender))
            .destination(Destination::builder().to_addresses(mail.to).build())
            .set_reply_to_addresses(mail.reply_to.map(|address| vec![address.to_owned()]))
            .set_configuration_set_name(self.configuration_set.clone())
            .set_email_tags(Some(tags))
            .content(EmailContent::builder().simple(message).build())
            .send()
            .await;
        match outcome {
            Ok(answer) => Ok(Sent::Accepted { message_id: answer.message_id().unwrap_or_default().to_owned() }),
            Err(SdkError::ServiceError(refused)) => {
                // Only the code, because the message contains the address.
                let reason = refused.err().code().unwrap_or("unknown").to_owned();
                match cause(refused.err()) {
                    Cause::OfTheMail => Ok(Sent::Undeliverable { reason }),
                    Cause::OfTheAccount => Ok(Sent::NotAllowed { reason }),
                    Cause::ForNow => Err(Unavailable::new("sesv2", reason)),
                }
            }
            Err(error) => Err(Unavailable::new("sesv2", error.code().unwrap_or("no answer"))),
        }
    }
}

/// Why SES does not send a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cause {
    /// The fault is in the mail: every retry fails.
    OfTheMail,
    /// The account may not send until its operator has fixed something.
    OfTheAccount,
    /// A temporary fault: the sending rate is exceeded, or SES fails.
    ForNow,
}

/// Classifies an error. SES uses `MessageRejected` both for content that it rejects and for identities that are not
/// verified, which in its sandbox includes each recipient. Only the message distinguishes the two.
fn cause(error: &SendEmailError) -> Cause {
    match error {
        SendEmailError::MessageRejected(_) | SendEmailError::BadRequestException(_) => {
            let words = error.message().unwrap_or_default().to_ascii_lowercase();
            if words.contains("not verified") { Cause::OfTheAccount } else { Cause::OfTheMail }
        }
        SendEmailError::AccountSuspendedException(_)
        | SendEmailError::MailFromDomainNotVerifiedException(_)
        | SendEmailError::SendingPausedException(_)
        // The configuration set does not exist.
        | SendEmailError::NotFoundException(_) => Cause::OfTheAccount,
        _ => Cause::ForNow,
    }
}

/// `"Name" <address>` (RFC 5322), or the address alone. A name outside ASCII becomes encoded words (RFC 2047); control
/// characters are dropped, so that a name cannot inject a header.
fn mailbox(name: &str, address: &str) -> String {
    let name: String = name.chars().filter(|c| !c.is_control()).collect();
    if name.is_empty() {
        return address.to_owned();
    }
    if name.is_ascii() {
        return format!("\"{}\" <{address}>", name.replace('\\', "\\\\").replace('"', "\\\""));
    }
    let mut words: Vec<String> = Vec::new();
    let mut chunk = String::new();
    for c in name.chars() {
        // An encoded word has at most 75 characters: 45 bytes of text in base64, and its delimiters.
        if chunk.len() + c.len_utf8() > 45 {
            words.push(encoded_word(&std::mem::take(&mut chunk)));
        }
        chunk.push(c);
    }
    words.push(encoded_word(&chunk));
    format!("{} <{address}>", words.join(" "))
}

fn encoded_word(text: &str) -> String {
    use base64::Engine as _;
    format!("=?UTF-8?B?{}?=", base64::engine::general_purpose::STANDARD.encode(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_that_the_operator_can_fix_is_not_final() {
        use aws_sdk_sesv2::error::ErrorMetadata;
        use aws_sdk_sesv2::types::error as kinds;
        let meta = |message: &str| ErrorMetadata::builder().message(message).build();
        let rejected = |message: &str| {
            SendEmailError::MessageRejected(kinds::MessageRejected::builder().meta(meta(message)).build())
        };
        let sandbox = "Email address is not verified. The following identities failed the check in region EU-WEST-1: x";
        assert_eq!(cause(&rejected(sandbox)), Cause::OfTheAccount);
        assert_eq!(cause(&rejected("Bad content")), Cause::OfTheMail);
        let invalid = kinds::BadRequestException::builder().meta(meta("Illegal address")).build();
        assert_eq!(cause(&SendEmailError::BadRequestException(invalid)), Cause::OfTheMail);
        let paused = kinds::SendingPausedException::builder().build();
        assert_eq!(cause(&SendEmailError::SendingPausedException(paused)), Cause::OfTheAccount);
        let suspended = kinds::AccountSuspendedException::builder().build();
        assert_eq!(cause(&SendEmailError::AccountSuspendedException(suspended)), Cause::OfTheAccount);
        let hurried = kinds::TooManyRequestsException::builder().build();
        assert_eq!(cause(&SendEmailError::TooManyRequestsException(hurried)), Cause::ForNow);
    }

    #[test]
    fn a_display_name_cannot_inject_a_header() {
        assert_eq!(mailbox("", "a@b.example"), "a@b.example");
        assert_eq!(mailbox("Demo", "a@b.example"), "\"Demo\" <a@b.example>");
        assert_eq!(mailbox("D\r\nBcc: x@y\"\\", "a@b.example"), "\"DBcc: x@y\\\"\\\\\" <a@b.example>");
        assert_eq!(mailbox("Zoë", "a@b.example"), "=?UTF-8?B?Wm/Dqw==?= <a@b.example>");
        let long = mailbox(&"ä".repeat(60), "a@b.example");
        assert!(long.split(' ').all(|word| word.len() <= 75), "{long}");
    }
}
