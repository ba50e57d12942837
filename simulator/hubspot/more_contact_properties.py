"""The other contact properties that HubSpot defines: those that no rule of ours reads or computes [REC].

One line each, as in default_properties. They are stored and shown like all others; the calculated ones stay blank.
"""

from __future__ import annotations

LINES = """
[analyticsinformation]
hs_analytics_average_page_views           number        r   Average Pageviews
hs_analytics_first_touch_converting_campaign text          r   First Touch Converting Campaign
hs_analytics_first_visit_timestamp        datetime      r   Time of First Session
hs_analytics_last_touch_converting_campaign text          r   Last Touch Converting Campaign
hs_analytics_last_visit_timestamp         datetime      r   Time of Last Session
hs_analytics_num_event_completions        number        r   Number of event completions
hs_analytics_revenue                      number        r   Event Revenue
hs_latest_source_timestamp                date          -   Latest Source Date
[contact_activity]
currentlyinworkflow                       yes-no        r   Currently in workflow
engagements_last_meeting_booked           datetime      r   Date of last meeting booked in meetings tool
engagements_last_meeting_booked_campaign  text          r   Campaign of last booking in meetings tool
engagements_last_meeting_booked_medium    text          r   Medium of last booking in meetings tool
engagements_last_meeting_booked_source    text          r   Source of last booking in meetings tool
first_conversion_date                     datetime      rc  First Conversion Date
first_conversion_event_name               text          rc  First Conversion
hs_content_membership_notes               textarea      -   Membership Notes
hs_content_membership_status              select        -   Status
hs_feedback_last_nps_follow_up            text          r   Last NPS survey comment
hs_feedback_last_nps_rating               select        r   Last NPS survey rating
hs_feedback_last_survey_date              datetime      r   Last NPS survey date
hs_last_sales_activity_timestamp          datetime      r   Last Engagement Date
hs_predictivecontactscore                 number        r   Predictive Lead Score
hs_predictivecontactscore_v2              number        r   Likelihood to close
hs_predictivecontactscorebucket           radio         r   Lead Rating
hs_predictivescoringtier                  radio         r   Contact priority
hs_sales_email_last_clicked               datetime      r   Recent Sales Email Clicked Date
hs_sales_email_last_opened                datetime      r   Recent Sales Email Opened Date
hs_sales_email_last_replied               datetime      r   Recent Sales Email Replied Date
hs_sequences_is_enrolled                  bool          rc  Currently in Sequence
[contactinformation]
associatedcompanylastupdated              number        rh  Associated Company Last Updated
hs_all_accessible_team_ids                select        rhx All accessible team ids
hs_all_assigned_business_unit_ids         checkbox      x   Business units
hs_all_owner_ids                          select        rhx All owner ids
hs_all_team_ids                           select        rhx All team ids
hs_avatar_filemanager_key                 text          rh  Avatar FileManager key
hs_calculated_form_submissions            select        rch All form submissions for a contact
hs_calculated_merged_vids                 select        rch Merged vids with timestamps of a contact
hs_calculated_mobile_number               text          rch Calculated Mobile Number in International Format
hs_calculated_phone_number                text          rch Calculated Phone Number in International Format
hs_calculated_phone_number_area_code      text          rch Calculated Phone Number Area Code
hs_calculated_phone_number_country_code   text          rch Calculated Phone Number Country Code
hs_calculated_phone_number_region_code    text          rch Calculated Phone Number Region
hs_content_membership_email_confirmed     bool          r   Email Confirmed
hs_content_membership_registered_at       datetime      r   Registered At
hs_content_membership_registration_domain_sent_to text          r   Domain to which registration email was sent
hs_content_membership_registration_email_sent_at datetime      r   Time registration email was sent
hs_conversations_visitor_email            text          rh  Conversations visitor email
hs_count_is_unworked                      equation      rh  Count of unengaged contacts
hs_count_is_worked                        equation      rh  Count of engaged contacts
hs_created_by_conversations               bool          rh  Created By Conversations
hs_date_entered_customer                  read-datetime rh  Date entered 'Customer (Lifecycle Stage Pipeline)'
hs_date_entered_evangelist                read-datetime rh  Date entered 'Evangelist (Lifecycle Stage Pipeline)'
hs_date_entered_lead                      read-datetime rh  Date entered 'Lead (Lifecycle Stage Pipeline)'
hs_date_entered_marketingqualifiedlead read-datetime rh Date entered 'Marketing Qualified Lead (Lifecycle Stage)'
hs_date_entered_opportunity               read-datetime rh  Date entered 'Opportunity (Lifecycle Stage Pipeline)'
hs_date_entered_other                     read-datetime rh  Date entered 'Other (Lifecycle Stage Pipeline)'
hs_date_entered_salesqualifiedlead read-datetime rh Date entered 'Sales Qualified Lead (Lifecycle Stage Pipeline)'
hs_date_entered_subscriber                read-datetime rh  Date entered 'Subscriber (Lifecycle Stage Pipeline)'
hs_date_exited_customer                   read-datetime rh  Date exited 'Customer (Lifecycle Stage Pipeline)'
hs_date_exited_evangelist                 read-datetime rh  Date exited 'Evangelist (Lifecycle Stage Pipeline)'
hs_date_exited_lead                       read-datetime rh  Date exited 'Lead (Lifecycle Stage Pipeline)'
hs_date_exited_marketingqualifiedlead read-datetime rh Date exited 'Marketing Qualified Lead (Lifecycle Stage Pipeline)'
hs_date_exited_opportunity                read-datetime rh  Date exited 'Opportunity (Lifecycle Stage Pipeline)'
hs_date_exited_other                      read-datetime rh  Date exited 'Other (Lifecycle Stage Pipeline)'
hs_date_exited_salesqualifiedlead read-datetime rh Date exited 'Sales Qualified Lead (Lifecycle Stage Pipeline)'
hs_date_exited_subscriber                 read-datetime rh  Date exited 'Subscriber (Lifecycle Stage Pipeline)'
hs_document_last_revisited                datetime      rh  Recent Document Revisit Date
hs_feedback_show_nps_web_survey           bool          h   Should be shown an NPS web survey
hs_first_engagement_object_id             number        rch ID of first engagement
hs_first_subscription_create_date         rollup-datetime rh  First subscription create date
hs_has_active_subscription                rollup-number rh  Contact has an active subscription
hs_last_sales_activity_date               datetime      rh  last sales activity date old
hs_latest_meeting_activity                datetime      rh  Latest meeting activity
hs_latest_sequence_ended_date             datetime      rc  Last sequence ended date
hs_latest_sequence_enrolled               number        rx  Last sequence enrolled
hs_latest_sequence_enrolled_date          datetime      r   Last sequence enrolled date
hs_latest_sequence_finished_date          datetime      rh  Last sequence finished date
hs_latest_sequence_unenrolled_date        datetime      rh  Last sequence unenrolled date
hs_latest_subscription_create_date        rollup-datetime rh  Latest subscription create date
hs_marketable_reason_id                   text          r   Marketing contact status source name
hs_marketable_reason_type                 select        r   Marketing contact status source type
hs_persona                                select        f   Persona
hs_sa_first_engagement_date               datetime      rh  Date of first engagement
hs_sa_first_engagement_descr              select        rch Description of first engagement
hs_sa_first_engagement_object_type        select        rch Type of first engagement
hs_searchable_calculated_international_mobile_number phone         rch Calculated Mobile Number with country code
hs_searchable_calculated_international_phone_number phone         rch Calculated Phone Number with country code
hs_searchable_calculated_mobile_number    phone         rch Calculated Mobile Number without country code
hs_searchable_calculated_phone_number     phone         rch Calculated Phone Number without country code
hs_sequences_actively_enrolled_count      number        rh  Number of sequences actively enrolled
hs_sequences_enrolled_count               number        r   Number of sequences enrolled
hs_time_between_contact_creation_and_deal_close equation      e   Time between contact creation and deal close
hs_time_between_contact_creation_and_deal_creation equation      e   Time between contact creation and deal creation
hs_time_in_customer                       read-number   rh  Time in 'Customer (Lifecycle Stage Pipeline)'
hs_time_in_evangelist                     read-number   rh  Time in 'Evangelist (Lifecycle Stage Pipeline)'
hs_time_in_lead                           read-number   rh  Time in 'Lead (Lifecycle Stage Pipeline)'
hs_time_in_marketingqualifiedlead read-number rh Time in 'Marketing Qualified Lead (Lifecycle Stage Pipeline)'
hs_time_in_opportunity                    read-number   rh  Time in 'Opportunity (Lifecycle Stage Pipeline)'
hs_time_in_other                          read-number   rh  Time in 'Other (Lifecycle Stage Pipeline)'
hs_time_in_salesqualifiedlead             read-number   rh  Time in 'Sales Qualified Lead (Lifecycle Stage Pipeline)'
hs_time_in_subscriber                     read-number   rh  Time in 'Subscriber (Lifecycle Stage Pipeline)'
hs_time_to_first_engagement               number        rch Lead response time
hs_time_to_move_from_lead_to_customer     equation      e   Time to move from lead to customer
hs_time_to_move_from_marketingqualifiedlead_to_customer equation e Time to move from marketing qualified to customer
hs_time_to_move_from_opportunity_to_customer equation      e   Time to move from opportunity to customer
hs_time_to_move_from_salesqualifiedlead_to_customer equation      e   Time to move from sales qualified lead to customer
hs_time_to_move_from_subscriber_to_customer equation      e   Time to move from subscriber to customer
hs_user_ids_of_all_notification_followers checkbox      rh  User IDs of all notification followers
hs_user_ids_of_all_notification_unfollowers checkbox      rh  User IDs of all notification unfollowers
hs_user_ids_of_all_owners                 checkbox      rh  User IDs of all owners
surveymonkeyeventlastupdated              number        rh  SurveyMonkey Event Last Updated
twitterhandle                             text          f   Twitter Username
webinareventlastupdated                   number        rh  Webinar Event Last Updated
[conversioninformation]
hs_facebook_ad_clicked                    bool          eh  Clicked Facebook ad
hs_facebook_click_id                      text          -   Facebook click id
hs_google_click_id                        text          -   Google ad click id
hs_ip_timezone                            text          r   IP Timezone
ip_city                                   text          r   IP City
ip_country                                text          r   IP Country
ip_country_code                           text          r   IP Country Code
ip_latlon                                 text          rh  IP Latitude & Longitude
ip_state                                  text          r   IP State/Region
ip_state_code                             text          r   IP State Code/Region Code
ip_zipcode                                text          rh  IP Zipcode
num_conversion_events                     number        rc  Number of Form Submissions
num_unique_conversion_events              number        rc  Number of Unique Forms Submitted
recent_conversion_date                    datetime      rc  Recent Conversion Date
recent_conversion_event_name              text          rc  Recent Conversion
[deal_information]
hs_buying_role                            checkbox      f   Buying Role
[emailinformation]
hs_email_bad_address                      bool          r   Invalid email address
hs_email_bounce                           number        r   Marketing emails bounced
hs_email_customer_quarantined_reason      select        -   Email address quarantine reason
hs_email_first_click_date                 datetime      r   First marketing email click date
hs_email_first_open_date                  datetime      r   First marketing email open date
hs_email_first_reply_date                 datetime      r   First marketing email reply date
hs_email_first_send_date                  datetime      r   First marketing email send date
hs_email_hard_bounce_reason               text          rh  Email hard bounce reason
hs_email_hard_bounce_reason_enum          radio         r   Email hard bounce reason
hs_email_is_ineligible                    bool          rh  Is globally ineligible
hs_email_last_click_date                  datetime      r   Last marketing email click date
hs_email_last_email_name                  text          r   Last marketing email name
hs_email_last_open_date                   datetime      r   Last marketing email open date
hs_email_last_reply_date                  datetime      r   Last marketing email reply date
hs_email_last_send_date                   datetime      r   Last marketing email send date
hs_email_quarantined                      bool          r   Email Address Quarantined
hs_email_quarantined_reason               select        r   Email address automated quarantine reason
hs_email_recipient_fatigue_recovery_time  datetime      rh  Email Address Recipient Fatigue Next Available Sending Time
hs_email_replied                          number        r   Marketing emails replied
hs_email_sends_since_last_engagement      number        r   Sends Since Last Engagement
hs_emailconfirmationstatus                select        r   Marketing email confirmation status
hs_legal_basis                            checkbox      -   Legal basis for processing contact's data
[facebook_ads_properties]
company_size                              text          ef  Company size
date_of_birth                             text          ef  Date of birth
degree                                    text          ef  Degree
field_of_study                            text          ef  Field of study
gender                                    text          ef  Gender
graduation_date                           text          ef  Graduation date
job_function                              text          ef  Job function
marital_status                            text          ef  Marital Status
military_status                           text          ef  Military status
relationship_status                       text          ef  Relationship Status
school                                    text          ef  School
seniority                                 text          ef  Seniority
start_date                                text          ef  Start date
work_email                                text          ef  Work email
[sales_properties]
hubspotscore                              score         r   HubSpot Score
owneremail                                text          e   HubSpot Owner Email (legacy)
ownername                                 text          -   HubSpot Owner Name (legacy)
[socialmediainformation]
followercount                             number        -   Follower Count
hs_facebookid                             text          eh  Facebook ID
hs_googleplusid                           text          eh  googleplus ID
hs_linkedinid                             text          eh  Linkedin ID
hs_social_facebook_clicks                 number        r   Facebook Clicks
hs_social_google_plus_clicks              number        r   Google Plus Clicks
hs_social_last_engagement                 datetime      r   Most Recent Social Click
hs_social_linkedin_clicks                 number        r   LinkedIn Clicks
hs_social_num_broadcast_clicks            number        r   Broadcast Clicks
hs_social_twitter_clicks                  number        r   Twitter Clicks
hs_twitterid                              text          eh  Twitter ID
kloutscoregeneral                         number        f   Klout Score
linkedinbio                               text          f   LinkedIn Bio
linkedinconnections                       number        f   LinkedIn Connections
photo                                     text          hf  Photo
twitterbio                                text          f   Twitter Bio
twitterprofilephoto                       text          -   Twitter Profile Photo
"""

OPTIONS: dict[str, str] = {
    "currentlyinworkflow": "true false",
    "hs_buying_role": "BLOCKER BUDGET_HOLDER CHAMPION DECISION_MAKER END_USER EXECUTIVE_SPONSOR INFLUENCER "
    "LEGAL_AND_COMPLIANCE OTHER",
    "hs_content_membership_status": "active inactive",
    "hs_email_customer_quarantined_reason": "SUSPENSION_REMEDIATION BLOCKLIST_REMEDIATION TRUST_SAFETY_REMEDIATION",
    "hs_email_hard_bounce_reason_enum": "CONTENT MAILBOX_FULL OTHER POLICY SPAM UNKNOWN_USER",
    "hs_email_quarantined_reason": "ON_LIST_IMPORT HIGH_HARD_BOUNCE_RATE MULTIPLE_CANCELLED_CAMPAIGNS FORM_ABUSE "
    "RECIPIENT_COMPLAINT SUSPENSION_REMEDIATION BLOCKLIST_REMEDIATION TRUST_SAFETY_REMEDIATION OTHER",
    "hs_feedback_last_nps_rating": "0 1 2 3 4 5 6 7 8 9 10",
    "hs_marketable_reason_type": "AD CONTACT_IMPORT CONVERSATION FORM_SUBMISSION INITIAL_STATE INTEGRATOR_SET "
    "USER_SET WORKFLOW",
    "hs_predictivecontactscorebucket": "bucket_1 bucket_2 bucket_3 bucket_4",
    "hs_predictivescoringtier": "tier_1 tier_2 tier_3 tier_4 closed_won",
    "hs_sa_first_engagement_descr": "EMPTY_DESCRIPTION BOUNCED BUSY CALLING_CRM_USER CANCELED COMPLETED CONNECTING "
    "DEFERRED FB_MESSENGER FAILED IN_PROGRESS LIVE_CHAT LOGGED_CALL NO_ANSWER NO_SHOW NOT_STARTED QUEUED "
    "RESCHEDULED RINGING SCHEDULED SENDING SENT WAITING",
    "hs_sa_first_engagement_object_type": "CALL CONVERSATION_SESSION EMAIL MEETING_EVENT TASK",
}
