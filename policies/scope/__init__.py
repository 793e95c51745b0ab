"""What a release covers: the authorization, its dates of service, and the pages that are another patient's."""
